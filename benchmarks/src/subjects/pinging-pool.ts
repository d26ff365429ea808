import type { Ask } from '../measuring/closed-loop.ts';
import { openMysql2Pool } from './mysql2-pool.ts';
import type { Address, Opened } from './opened.ts';
import { SQL } from './statements.ts';

/** A bare pool of mysql2 whose user pings every connection that he borrows. */
export async function openPingingPool(server: Address): Promise<Opened<Ask>> {
  const { subject: pool, ...rest } = await openMysql2Pool({ server, guarding: undefined });
  const ask: Ask = (answered) => {
    pool.getConnection((error, connection) => {
      if (error) return answered(error);
      const done = (failure: Error | null): void => {
        connection.release();
        answered(failure);
      };
      connection.ping((failure) => (failure ? done(failure) : connection.query(SQL, done)));
    });
  };
  return { subject: ask, ...rest };
}
