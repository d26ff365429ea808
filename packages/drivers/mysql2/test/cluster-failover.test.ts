import { clusterFailover } from '@pool-lifeguard/testkit/conformance';
import { createPoolCluster } from 'mysql2';
import { guard } from '../src/index.ts';
import { ask } from './support/calls.ts';
import { UNDOUBTED } from './support/same.ts';

clusterFailover('a cluster', (nodes) => {
  const cluster = createPoolCluster({ defaultSelector: 'ORDER' });
  for (const [name, node] of Object.entries(nodes)) {
    cluster.add(name, { ...node, connectionLimit: 2 });
  }
  return {
    guard: () => guard(cluster, UNDOUBTED),
    send: (sql) => ask(cluster.of('*'), sql),
    end: () => cluster.end(),
  };
});
