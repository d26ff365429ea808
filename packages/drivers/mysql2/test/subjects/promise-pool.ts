import type { HeldConnection, Subject } from '@pool-lifeguard/testkit/conformance';
import { createPool } from 'mysql2/promise';
import type { Pool } from 'mysql2/promise';
import { guardIf, poolOptions } from './mysql2-options.ts';

/** The promise pool of mysql2. */
export const subject: Subject = {
  name: 'promise pool',
  module: import.meta.url,
  ways: ['guard(pool)'],
  supports: { held: 'fails', streams: false },
  async open(options) {
    const pool = createPool(poolOptions(options));
    return {
      guard: guardIf(options, pool),
      query: async (sql, params) => (await pool.query(sql, params))[0],
      hold: () => hold(pool),
      close: () => pool.end(),
    };
  },
};

async function hold(pool: Pool): Promise<HeldConnection> {
  const connection = await pool.getConnection();
  return {
    query: async (sql, params) => (await connection.query(sql, params))[0],
    begin: () => connection.beginTransaction(),
    commit: () => connection.commit(),
    rollback: () => connection.rollback(),
    release: async () => connection.release(),
  };
}
