import type { Subject } from '@pool-lifeguard/testkit/conformance';
import { createPool } from 'mariadb';
import { guardIf, heedless, poolOptions } from './mariadb-options.ts';
import { hold } from './promise-connections.ts';

/** The promise pool of mariadb. */
export const subject: Subject = {
  name: 'promise pool',
  module: import.meta.url,
  ways: ['guard(pool)'],
  supports: { held: 'fails', streams: true, validates: true },
  async open(options) {
    const pool = createPool(poolOptions(options));
    heedless(pool);
    return {
      guard: guardIf(options, pool),
      query: (sql, params) => pool.query(sql, params),
      hold: () => hold(pool),
      close: () => pool.end(),
    };
  },
};
