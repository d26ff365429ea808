import { LifeguardError, shadow, type Policy } from '@pool-lifeguard/core';
import { FilteredClusters } from './filtered-clusters.ts';
import type { GuardedPool } from './guard-pool.ts';
import type { Installed } from './install.ts';
import type { Cluster, OuterPool } from './mariadb-shapes.ts';

/** Guards every node of a cluster, also those added later. */
export class GuardedCluster {
  readonly #cluster: Cluster;
  readonly #guardPool: (pool: OuterPool) => Installed;
  readonly #nodes = new Map<OuterPool, Installed>();
  readonly #restore: (() => void)[] = [];

  constructor(cluster: Cluster, policy: Policy, guardPool: (pool: OuterPool) => Installed) {
    this.#cluster = cluster;
    this.#guardPool = guardPool;
    const { add } = cluster;
    this.#restore.push(
      shadow(cluster, 'add', (...node) => {
        const result = add.apply(cluster, node);
        this.#guardNodes();
        return result;
      }),
    );
    this.#guardNodes();
    if (policy.mode === 'on' && policy.retry !== false) this.#hookFiltered();
  }

  pools(): readonly GuardedPool[] {
    return this.#pools.flatMap((pool) => this.#nodes.get(pool)?.pools() ?? []);
  }

  undo(): void {
    for (const restore of this.#restore.splice(0)) restore();
    for (const guarded of this.#nodes.values()) guarded.undo();
  }

  /** The cluster has none once it has ended. */
  get #pools(): OuterPool[] {
    return Object.values(this.#cluster.__tests.getNodes() ?? {});
  }

  #hookFiltered(): void {
    const cluster = this.#cluster;
    const { of } = cluster;
    const filtered = new FilteredClusters(() => cluster.__tests.getNodes() !== null);
    this.#restore.push(
      shadow(cluster, 'of', (...choice) => filtered.add(of.apply(cluster, choice))),
      () => filtered.undo(),
    );
  }

  #guardNodes(): void {
    for (const pool of this.#pools) {
      if (this.#nodes.has(pool)) continue;
      this.#nodes.set(pool, this.#guardPool(pool));
      this.#restore.push(sparing(pool));
    }
  }
}

/**
 * A node that fails too often is removed for good. That a deadline of ours has passed must not count:
 * the cluster, which is about to count it, finds one error less.
 */
function sparing(node: OuterPool): () => void {
  const { getConnection } = node;
  const spare = (error: unknown): void => {
    if (error instanceof LifeguardError) node.errorCount = (node.errorCount ?? 0) - 1;
  };
  return shadow(node, 'getConnection', (callback) => {
    if (callback) {
      return getConnection.call(node, (error, ...rest) => {
        spare(error);
        callback(error, ...rest);
      });
    }
    const borrowed = getConnection.call(node, callback);
    if (borrowed instanceof Promise) borrowed.catch(spare);
    return borrowed;
  });
}
