import { answerOf } from '@pool-lifeguard/testkit';
import type { Subject } from '@pool-lifeguard/testkit/conformance';
import { createPool } from 'mariadb/callback';
import { hold } from './callback-connections.ts';
import { guardIf, heedless, poolOptions } from './mariadb-options.ts';

/** The callback pool of mariadb. */
export const subject: Subject = {
  name: 'callback pool',
  module: import.meta.url,
  ways: ['guard(pool)'],
  supports: { held: 'fails', streams: true, validates: true },
  async open(options) {
    const pool = createPool(poolOptions(options));
    heedless(pool);
    return {
      guard: guardIf(options, pool),
      query: (sql, params) => answerOf((done) => pool.query(sql, params, done)),
      hold: () => hold(pool),
      close: () => answerOf((done) => pool.end(done)),
    };
  },
};
