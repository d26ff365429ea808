import type { HeldConnection } from '@pool-lifeguard/testkit/conformance';
import type { FilteredPoolCluster } from 'mariadb';

/** Holds a connection of a promise pool or cluster. */
export async function hold(
  pool: Pick<FilteredPoolCluster, 'getConnection'>,
): Promise<HeldConnection> {
  const connection = await pool.getConnection();
  return {
    query: (sql, params) => connection.query(sql, params),
    stream: (sql) => connection.queryStream(sql).toArray(),
    begin: () => connection.beginTransaction(),
    commit: () => connection.commit(),
    rollback: () => connection.rollback(),
    release: () => connection.release(),
  };
}
