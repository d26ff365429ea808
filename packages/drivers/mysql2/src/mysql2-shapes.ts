import type { OneShots } from '@pool-lifeguard/core';
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/*
 * The slices of mysql2's classes that the adapter touches, private members included. They are the
 * same from 3.12 to 3.24; `is-mysql2.ts` checks them before a pool is guarded.
 */

/** mysql2's queue (denque, since 3.17 its own ring queue). */
export interface Queue<T> {
  readonly length: number;
  get(index: number): T;
  push(item: T): unknown;
  pop(): T | undefined;
  shift(): T | undefined;
  removeOne(index: number): unknown;
}

/** A command in mysql2's queue: a query, a ping, a prepare. */
export interface Command extends EventEmitter {
  onResult?: ((error: Error | null, ...results: unknown[]) => void) | undefined;
  /** The text of a query or execute. */
  sql?: unknown;
  /** The text of a prepare. */
  query?: unknown;
  /** The server's number for a statement that it has prepared, from 1; 0 before that. */
  readonly id?: unknown;
  /** What it does next; nothing yet if it has not started. */
  readonly next?: unknown;
  /** More than 0 when there were several results. */
  readonly _resultIndex?: number;
}

/** A socket, or what the application's `stream` option made. */
export type Stream = Omit<Socket, 'destroySoon'> & {
  readonly _readableState?: { readonly ended?: boolean };
  destroySoon?: (() => void) | undefined;
};

/** A pooled connection: lib/base/connection.js and lib/base/pool_connection.js. */
export interface Connection extends EventEmitter {
  readonly constructor: ConnectionClass;
  readonly config: { readonly host?: string; readonly port?: number; readonly socketPath?: string };
  readonly stream: Stream;
  _pool: Pool | null;
  /** Since 3.14: guards against a second `release()`. */
  _released?: boolean;
  _closing?: boolean;
  _fatalError: Error | null;
  _protocolError: Error | null;
  _paused: boolean;
  _command: Command | null | undefined;
  readonly _commands: Queue<Command>;
  readonly _handshakePacket: { readonly serverVersion?: string } | null;
  /** The cluster's node it belongs to. */
  _clusterId?: string;
  addCommand(command: Command): Command;
  /** Takes the place of `addCommand` once the connection is closed. */
  _addCommandClosedState(command: Command): void;
  ping(callback: (error: Error | null) => void): unknown;
  reset(callback: (error: Error | null) => void): unknown;
  connect(callback: (error: Error | null) => void): unknown;
  release(): void;
  _removeFromPool(): void;
  _realEnd(callback?: () => void): unknown;
}

/** The class of pooled connections. */
export interface ConnectionClass {
  new (pool: Pool, options: { config: unknown }): Connection;
  createQuery(
    options: { sql: string; rowsAsArray: boolean; typeCast: boolean },
    values: readonly unknown[],
    callback: (error: Error | null, rows: unknown) => void,
    config: unknown,
  ): Command;
}

export type GetConnection = (error: Error | null, connection?: Connection) => void;

/** The core pool: lib/base/pool.js. */
export interface Pool extends EventEmitter, OneShots {
  readonly config: {
    readonly connectionLimit: number;
    /** How many idle ones the pool's own reaper leaves. */
    readonly maxIdle: number;
    readonly queueLimit: number;
    readonly waitForConnections: boolean;
    readonly resetOnRelease?: boolean;
    readonly connectionConfig: Connection['config'] & { readonly database?: string };
  };
  readonly _allConnections: Queue<Connection>;
  _freeConnections: Queue<Connection>;
  readonly _connectionQueue: Queue<GetConnection>;
  readonly _closed: boolean;
  /** Since 3.18 each connection has a configuration of its own. */
  _createConnectionConfig?(): unknown;
  getConnection(callback: GetConnection): unknown;
  releaseConnection(connection: Connection): unknown;
  end(callback?: Ended): unknown;
}

/** How the end of a pool is told. */
export type Ended = (error?: Error | null) => void;

/** One node of a cluster. */
export interface ClusterNode {
  readonly id: string;
  readonly pool: Pool;
  errorCount: number;
  _offlineUntil: number;
}

/** What `cluster.of(pattern)` gives: lib/pool_cluster.js. */
export interface PoolNamespace extends OneShots {
  readonly _pattern: string | RegExp;
  getConnection(callback: GetConnection): unknown;
}

/** The cluster of pools: lib/pool_cluster.js. */
export interface PoolCluster extends EventEmitter {
  readonly _nodes: Record<string, ClusterNode>;
  readonly _namespaces: Record<string, PoolNamespace>;
  readonly _removeNodeErrorCount: number;
  readonly _closed?: boolean;
  _restoreNodeTimeout: number;
  add(id: string | object, config?: unknown): unknown;
  of(pattern?: string | RegExp, selector?: string): PoolNamespace;
  _findNodeIds(pattern: string | RegExp, includeOffline?: boolean): string[];
  _getConnection(node: ClusterNode, callback: GetConnection): unknown;
  _increaseErrorCount(node: ClusterNode): void;
  _decreaseErrorCount(node: ClusterNode): void;
}
