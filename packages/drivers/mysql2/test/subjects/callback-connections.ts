import { answerOf } from '@pool-lifeguard/testkit';
import type { HeldConnection } from '@pool-lifeguard/testkit/conformance';
import type { Pool, PoolConnection } from 'mysql2';

/** Holds a connection of a callback pool or cluster. */
export async function hold(pool: Pick<Pool, 'getConnection'>): Promise<HeldConnection> {
  const connection = await answerOf<PoolConnection>((done) => pool.getConnection(done));
  return {
    query: (sql, params) => answerOf((done) => connection.query(sql, params, done)),
    stream: (sql) => connection.query(sql).stream().toArray(),
    begin: () => answerOf((done) => connection.beginTransaction(done)),
    commit: () => answerOf((done) => connection.commit(done)),
    rollback: () => answerOf((done) => connection.rollback(done)),
    release: async () => connection.release(),
  };
}
