import {
  Installer,
  type Emitter,
  type Installed as InstalledGuard,
  type Policy,
} from '@pool-lifeguard/core';
import { GuardedCluster } from './guard-cluster.ts';
import { GuardedPool } from './guard-pool.ts';
import { partsOf, recognize } from './is-mariadb.ts';
import type { Cluster, Connection, OuterPool } from './mariadb-shapes.ts';
import { unwrap } from './wrappers.ts';

/** A guarded pool or cluster of mariadb, as ORM adapters hold it. */
export type Installed = InstalledGuard<Connection, GuardedPool>;

/** What core needs to know of this driver's pools and clusters to guard each of them once. */
export const installer = new Installer<Connection, GuardedPool, OuterPool, Cluster>({
  driver: 'mariadb',
  recognize,
  guardPool: (pool, surroundings) => {
    return pool.closed ? undefined : new GuardedPool(pool, partsOf(pool), surroundings);
  },
  guardCluster: (cluster, guardNode, policy) => new GuardedCluster(cluster, policy, guardNode),
  unwrap,
});

/** Guards a pool or cluster, or returns the guard that it has, whichever copy of us set it up. */
export function install(target: unknown, policy: Policy, emitter: Emitter): Installed {
  return installer.install(target, policy, emitter);
}
