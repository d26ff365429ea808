import { conformance } from '@pool-lifeguard/testkit/conformance';
import { subject as callbackCluster } from './subjects/callback-cluster.ts';
import { subject as callbackPool } from './subjects/callback-pool.ts';
import { subject as promiseCluster } from './subjects/promise-cluster.ts';
import { subject as promisePool } from './subjects/promise-pool.ts';

describe('pools of mariadb', () =>
  conformance([callbackPool, promisePool, callbackCluster, promiseCluster]));
