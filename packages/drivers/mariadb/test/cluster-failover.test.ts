import { clusterFailover } from '@pool-lifeguard/testkit/conformance';
import { guard } from '../src/index.ts';
import { KINDS } from './support/clusters.ts';
import { UNDOUBTED } from './support/same.ts';

const NODE = {
  allowPublicKeyRetrieval: true,
  connectionLimit: 2,
  // Bare, 3.4.5 would open none at all without it.
  minimumIdle: 1,
  acquireTimeout: 1_000,
};

for (const [kind, create] of Object.entries(KINDS)) {
  clusterFailover(`a ${kind} cluster`, (nodes) => {
    const cluster = create({ defaultSelector: 'ORDER' });
    for (const [name, node] of Object.entries(nodes)) cluster.add(name, { ...node, ...NODE });
    return {
      guard: () => guard(cluster.own, UNDOUBTED),
      send: (sql) => cluster.of('.*').query(sql),
      end: () => cluster.end(),
    };
  });
}
