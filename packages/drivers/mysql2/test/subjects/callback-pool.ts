import { answerOf } from '@pool-lifeguard/testkit';
import type { Subject } from '@pool-lifeguard/testkit/conformance';
import { createPool } from 'mysql2';
import { hold } from './callback-connections.ts';
import { guardIf, poolOptions } from './mysql2-options.ts';

/** The callback pool of mysql2. */
export const subject: Subject = {
  name: 'callback pool',
  module: import.meta.url,
  ways: ['guard(pool)'],
  supports: { held: 'fails', streams: true },
  async open(options) {
    const pool = createPool(poolOptions(options));
    return {
      guard: guardIf(options, pool),
      query: (sql, params) => answerOf((done) => pool.query(sql, params, done)),
      hold: () => hold(pool),
      close: () => answerOf((done) => pool.end(done)),
    };
  },
};
