import { conformance } from '@pool-lifeguard/testkit/conformance';
import { subject as callbackPool } from './subjects/callback-pool.ts';
import { subject as cluster } from './subjects/cluster.ts';
import { subject as promisePool } from './subjects/promise-pool.ts';

describe('pools of mysql2', () => conformance([callbackPool, promisePool, cluster]));
