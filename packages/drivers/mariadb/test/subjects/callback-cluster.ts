import { answerOf } from '@pool-lifeguard/testkit';
import type { Subject } from '@pool-lifeguard/testkit/conformance';
import { createPoolCluster } from 'mariadb/callback';
import { hold } from './callback-connections.ts';
import { guardIf, poolOptions } from './mariadb-options.ts';

/** A cluster of two callback pools of mariadb. */
export const subject: Subject = {
  name: 'callback cluster',
  module: import.meta.url,
  ways: ['guard(cluster)'],
  supports: { held: 'fails', streams: true, validates: true },
  composite: true,
  async open(options) {
    const cluster = createPoolCluster();
    for (const name of ['one', 'two']) cluster.add(name, poolOptions(options));
    const guard = guardIf(options, cluster);
    const nodes = cluster.of('.*');
    return {
      guard,
      query: (sql, params) => answerOf((done) => nodes.query(sql, params, done)),
      hold: () => hold(nodes),
      close: () => answerOf((done) => cluster.end(done)),
    };
  },
};
