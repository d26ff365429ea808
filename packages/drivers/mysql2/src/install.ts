import {
  Installer,
  type Emitter,
  type Installed as InstalledGuard,
  type Policy,
} from '@pool-lifeguard/core';
import { GuardedCluster } from './guard-cluster.ts';
import { GuardedPool } from './guard-pool.ts';
import { unwrap } from './is-mysql2.ts';
import type { Connection, Pool, PoolCluster } from './mysql2-shapes.ts';

/** A guarded pool or cluster of mysql2, as ORM adapters hold it. */
export type Installed = InstalledGuard<Connection, GuardedPool>;

/** What core needs to know of this driver's pools and clusters to guard each of them once. */
export const installer = new Installer<Connection, GuardedPool, Pool, PoolCluster>({
  driver: 'mysql2',
  recognize: unwrap,
  guardPool: (pool, surroundings) => new GuardedPool(pool, surroundings),
  guardCluster: (cluster, guardNode, policy) => new GuardedCluster(cluster, policy, guardNode),
});

/** Guards a pool or cluster, or returns the guard that it has, whichever copy of us set it up. */
export function install(target: unknown, policy: Policy, emitter: Emitter): Installed {
  return installer.install(target, policy, emitter);
}
