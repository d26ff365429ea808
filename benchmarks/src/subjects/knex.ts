import newKnex from 'knex';
import type { Ask } from '../measuring/closed-loop.ts';
import { answerTo } from '../measuring/first-answer.ts';
import { POOL_SIZE, type Address, type Opened } from './opened.ts';
import { SQL } from './statements.ts';

/** Opens Knex with its own pool, on mysql2. */
export async function openKnex(server: Address): Promise<Opened<Ask>> {
  const knex = newKnex({
    client: 'mysql2',
    connection: server.connectionOptions(),
    pool: { min: POOL_SIZE, max: POOL_SIZE },
  });
  const ask: Ask = (answered) => {
    knex.raw(SQL).then(() => answered(null), answered);
  };
  await answerTo(ask);
  return { subject: ask, guard: undefined, close: () => knex.destroy() };
}
