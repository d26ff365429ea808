import { LifeguardError, retryOneShots, shadow, type Policy } from '@pool-lifeguard/core';
import type { GuardedPool } from './guard-pool.ts';
import type { Installed } from './install.ts';
import { isRefusal } from './pool-driver.ts';
import type {
  ClusterNode,
  Connection,
  GetConnection,
  PoolCluster,
  PoolNamespace,
} from './mysql2-shapes.ts';

/** How long a node that failed too often stays aside, where the cluster names no time itself. */
const RESTORE_MS = 1000;
/** How often that time doubles for a node that keeps silent. */
const MOST_DOUBLINGS = 5;

/** A borrow, and how many nodes there are for it. */
interface Asking {
  readonly callback: GetConnection;
  readonly choice: number;
  /** Nodes whose pools were full. */
  readonly tried: Set<ClusterNode>;
}

/**
 * Guards every node of a cluster, also those added later. mysql2 removes a node for good after
 * `removeNodeErrorCount` errors; under the guard it only stays aside for a while, as with the
 * cluster's own option `restoreNodeTimeout`.
 */
export class GuardedCluster {
  readonly #cluster: PoolCluster;
  readonly #policy: Policy;
  readonly #guardPool: (pool: ClusterNode['pool']) => Installed;
  readonly #nodes = new Map<ClusterNode['pool'], Installed>();
  /** Borrows in a row whose deadline passed, by node. */
  readonly #silent = new WeakMap<ClusterNode, number>();
  readonly #namespaces = new Map<PoolNamespace, () => void>();
  readonly #restore: (() => void)[] = [];
  /** The borrow that a namespace is about to pass to a node; only set during that call. */
  #asking: Asking | undefined;
  /** The full nodes that a borrow has tried; only set while the cluster turns to the next one. */
  #tried: Set<ClusterNode> | undefined;

  constructor(
    cluster: PoolCluster,
    policy: Policy,
    guardPool: (pool: ClusterNode['pool']) => Installed,
  ) {
    this.#cluster = cluster;
    this.#policy = policy;
    this.#guardPool = guardPool;
    const { add, of } = cluster;
    this.#restore.push(
      shadow(cluster, 'add', (...node: Parameters<PoolCluster['add']>) => {
        const result: unknown = add.apply(cluster, node);
        this.#guardNodes();
        return result;
      }),
    );
    this.#guardNodes();
    if (policy.mode !== 'on') return;
    this.#keepNodes();
    this.#restore.push(
      shadow(cluster, 'of', (...choice: Parameters<PoolCluster['of']>) => {
        return this.#guardNamespace(of.apply(cluster, choice));
      }),
    );
    for (const namespace of Object.values(cluster._namespaces)) this.#guardNamespace(namespace);
    this.#shadowBorrow();
  }

  pools(): readonly GuardedPool[] {
    const nodes = Object.values(this.#cluster._nodes);
    return nodes.flatMap(({ pool }) => this.#nodes.get(pool)?.pools() ?? []);
  }

  undo(): void {
    for (const restore of this.#restore.splice(0)) restore();
    for (const restore of this.#namespaces.values()) restore();
    this.#namespaces.clear();
    for (const guarded of this.#nodes.values()) guarded.undo();
  }

  #guardNodes(): void {
    for (const { pool } of Object.values(this.#cluster._nodes)) {
      if (!this.#nodes.has(pool)) this.#nodes.set(pool, this.#guardPool(pool));
    }
  }

  #keepNodes(): void {
    const cluster = this.#cluster;
    if (cluster._restoreNodeTimeout > 0) return;
    cluster._restoreNodeTimeout = RESTORE_MS;
    this.#restore.push(() => {
      cluster._restoreNodeTimeout = 0;
    });
  }

  /** Notes for each borrow whether the namespace has another node for it. */
  #guardNamespace(namespace: PoolNamespace): PoolNamespace {
    if (this.#namespaces.has(namespace)) return namespace;
    const { getConnection } = namespace;
    const guarded = (callback: GetConnection): unknown => {
      const choice = this.#cluster._findNodeIds(namespace._pattern).length;
      this.#asking = { callback, choice, tried: this.#tried ?? new Set() };
      try {
        return getConnection.call(namespace, callback);
      } finally {
        this.#asking = undefined;
      }
    };
    const restore = [
      shadow(namespace, 'getConnection', guarded),
      ...(this.#policy.retry === false
        ? []
        : retryOneShots(namespace, () => !this.#cluster._closed)),
    ];
    this.#namespaces.set(namespace, () => {
      for (const each of restore) each();
    });
    return namespace;
  }

  #shadowBorrow(): void {
    const cluster = this.#cluster;
    const { _getConnection: bare } = cluster;
    const guarded = (node: ClusterNode, done: GetConnection): unknown => {
      const [pool] = this.#nodes.get(node.pool)?.pools() ?? [];
      const asking = this.#asking;
      if (!pool || !asking) return bare.call(cluster, node, done);
      return pool.borrow((error, connection) => {
        if (connection) return this.#answered(node, connection, done);
        if (error && isRefusal(error)) return this.#tryNext(node, error, asking, done);
        if (!error || !this.#turnsElsewhere(node, error, asking)) return asking.callback(error);
        return done(error);
      }, asking.choice > 1);
    };
    this.#restore.push(shadow(cluster, '_getConnection', guarded));
  }

  /** A full pool says nothing of its node: the cluster tries the others, and this one not again. */
  #tryNext(node: ClusterNode, error: Error, { tried }: Asking, done: GetConnection): void {
    const times = [...tried.add(node)].map((each) => [each, each._offlineUntil] as const);
    for (const each of tried) each._offlineUntil = Infinity;
    this.#tried = tried;
    try {
      done(error);
    } finally {
      this.#tried = undefined;
      for (const [each, until] of times) each._offlineUntil = until;
    }
  }

  /** What an error says of its node, and whether the cluster should try (another one). */
  #turnsElsewhere(node: ClusterNode, error: Error, { choice }: Asking): boolean {
    if (!LifeguardError[Symbol.hasInstance](error)) {
      this.#cluster._increaseErrorCount(node);
      return true;
    }
    if (choice > 1) this.#setAside(node);
    return choice > 1;
  }

  #answered(node: ClusterNode, connection: Connection, done: GetConnection): void {
    this.#silent.delete(node);
    this.#cluster._decreaseErrorCount(node);
    connection._clusterId = node.id;
    done(null, connection);
  }

  /**
   * A borrow's deadline passed at a node while there are others: it steps aside for a while, longer
   * each time. Without a choice the borrower would rather wait; and that a deadline of ours passed
   * never counts among the node's errors.
   */
  #setAside(node: ClusterNode): void {
    const cluster = this.#cluster;
    const { errorCount } = node;
    const { _restoreNodeTimeout: restoreMs } = cluster;
    const times = this.#silent.get(node) ?? 0;
    this.#silent.set(node, Math.min(times + 1, MOST_DOUBLINGS));
    cluster._restoreNodeTimeout = restoreMs * 2 ** times;
    node.errorCount = cluster._removeNodeErrorCount;
    try {
      cluster._increaseErrorCount(node);
    } finally {
      node.errorCount = errorCount;
      cluster._restoreNodeTimeout = restoreMs;
    }
  }
}
