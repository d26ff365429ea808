import type { Subject } from '@pool-lifeguard/testkit/conformance';
import { createPoolCluster } from 'mariadb';
import { guardIf, poolOptions } from './mariadb-options.ts';
import { hold } from './promise-connections.ts';

/** A cluster of two promise pools of mariadb. */
export const subject: Subject = {
  name: 'promise cluster',
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
      query: (sql, params) => nodes.query(sql, params),
      hold: () => hold(nodes),
      close: () => cluster.end(),
    };
  },
};
