import { answerOf } from '@pool-lifeguard/testkit';
import type { Subject } from '@pool-lifeguard/testkit/conformance';
import { createPoolCluster } from 'mysql2';
import { hold } from './callback-connections.ts';
import { guardIf, poolOptions } from './mysql2-options.ts';

/** A cluster of mysql2 with two nodes; the promise cluster is a wrapper around one. */
export const subject: Subject = {
  name: 'cluster',
  module: import.meta.url,
  ways: ['guard(cluster)'],
  supports: { held: 'fails', streams: true },
  composite: true,
  async open(options) {
    const cluster = createPoolCluster();
    for (const name of ['one', 'two']) cluster.add(name, poolOptions(options));
    const guard = guardIf(options, cluster);
    const nodes = cluster.of('*');
    return {
      guard,
      query: (sql, params) => answerOf((done) => nodes.query(sql, params, done)),
      hold: () => hold(nodes),
      close: () => answerOf((done) => cluster.end(done)),
    };
  },
};
