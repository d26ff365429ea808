import { QueryTypes, Sequelize } from 'sequelize';
import type { Ask } from '../measuring/closed-loop.ts';
import { answerTo } from '../measuring/first-answer.ts';
import { POOL_SIZE, type Address, type Opened } from './opened.ts';
import { SQL } from './statements.ts';

/** Opens Sequelize with its own pool, on mysql2. */
export async function openSequelize(server: Address): Promise<Opened<Ask>> {
  const { host, port, user: username, password } = server.connectionOptions();
  const sequelize = new Sequelize({
    dialect: 'mysql',
    host,
    port,
    username,
    password,
    logging: false,
    pool: { min: POOL_SIZE, max: POOL_SIZE },
  });
  const ask: Ask = (answered) => {
    sequelize.query(SQL, { type: QueryTypes.SELECT }).then(() => answered(null), answered);
  };
  await answerTo(ask);
  return { subject: ask, guard: undefined, close: () => sequelize.close() };
}
