import { answerOf } from '@pool-lifeguard/testkit';
import type { HeldConnection } from '@pool-lifeguard/testkit/conformance';
import type { FilteredPoolCluster, PoolConnection } from 'mariadb/callback';

/** Holds a connection of a callback pool or cluster. */
export async function hold(
  pool: Pick<FilteredPoolCluster, 'getConnection'>,
): Promise<HeldConnection> {
  const connection = await answerOf<PoolConnection>((done) => pool.getConnection(done));
  return {
    query: (sql, params) => answerOf((done) => connection.query(sql, params, done)),
    stream: (sql) => connection.queryStream(sql).toArray(),
    begin: () => answerOf((done) => connection.beginTransaction(done)),
    commit: () => answerOf((done) => connection.commit(done)),
    rollback: () => answerOf((done) => connection.rollback(done)),
    release: () => answerOf((done) => connection.release(done)),
  };
}
