import type { OneShots } from '@pool-lifeguard/core';
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/*
 * The slices of mariadb's classes that the adapter touches, members of inner objects included. They
 * are the same from 3.4.5 to 3.5.4; `is-mariadb.ts` and `private-parts.ts` check them before a pool
 * is guarded.
 */

/** mariadb's queue (denque). */
export interface Queue<T> {
  readonly length: number;
  peekAt(index: number): T | undefined;
  push(item: T): unknown;
  unshift(item: T): unknown;
  pop(): T | undefined;
  shift(): T | undefined;
  removeOne(index: number): unknown;
  toArray(): T[];
}

/** A command in a connection's queues: a query, a ping, a prepare. */
export interface Command extends EventEmitter {
  /** What reads the next packet; null once the command has ended. */
  readonly onPacketReceive?: unknown;
  /** The text of a query, or of what is prepared or executed. */
  readonly sql?: unknown;
}

export type Resolve = (result?: unknown) => void;
export type Reject = (error: Error) => void;

/** What a connection's methods are given beside their two callbacks. */
export interface CommandParameter {
  readonly sql?: string;
  readonly opts?: Readonly<Record<string, unknown>>;
  readonly stack?: string;
}

/** The inner connection, which every wrapper that users hold leads to: lib/connection.js. */
export interface Connection extends EventEmitter {
  /** 5 is connected; less is on the way there, more is closing or closed. */
  readonly status: number;
  readonly socket:
    | (Socket & { readonly _readableState?: { readonly ended?: boolean } })
    | undefined;
  readonly threadId: number;
  readonly opts: { readonly host?: string; readonly port?: number; readonly socketPath?: string };
  readonly info: {
    /** The flags of the server's last answer. */
    readonly status: number;
    isMariaDB(): boolean;
  };
  readonly sendQueue: Queue<Command>;
  readonly receiveQueue: Queue<Command> & { clear(): void };
  addCommand: AddCommand;
  /** Takes the place of `addCommand` while others must wait: its commands come again later. */
  readonly addCommandQueue: AddCommand;
  connect(): Promise<Connection>;
  isValid(): boolean;
  ping(parameter: CommandParameter, resolve: Resolve, reject: Reject): void;
  query(parameter: CommandParameter, resolve: Resolve, reject: Reject): void;
  batch(parameter: CommandParameter, resolve: Resolve, reject: Reject): void;
  importFile(parameter: object, resolve: Resolve, reject: Reject): void;
  fatalError(error: Error, avoidThrow: boolean): void;
  /** Ends an attempt to connect. */
  authFailHandler(error: Error): void;
  /** The first step of what follows a login. */
  executeSessionVariableQuery(): Promise<void>;
  /** The pool puts its own in front of the class's, which ends the socket without asking anybody. */
  destroy(): void;
  /** Says goodbye and closes; given by the pool. */
  forceEnd(parameter: unknown, resolve: Resolve, reject: Reject): void;
  /** Given by the pool. */
  release(callback?: () => void): void;
}

export type AddCommand = (command: Command, expectsAnswer: boolean) => unknown;

/** The class of inner connections. */
export type ConnectionClass = (new (options: object) => Connection) & {
  readonly prototype: Connection;
};

export type GetConnection = (error: Error | null, connection?: Connection) => void;

/** A borrow in the pool's own line. */
export interface Request {
  readonly timeout: number;
  readonly stack?: string | undefined;
  resolver(connection: Connection): void;
  reject(error: Error): void;
}

/** The options of a pool, defaults filled in: lib/config/pool-options.js. */
export interface PoolOptions {
  readonly connectionLimit: number;
  readonly minimumIdle: number;
  /** Milliseconds. */
  readonly acquireTimeout: number;
  /** Milliseconds. */
  readonly initializationTimeout: number;
  readonly leakDetectionTimeout: number;
  readonly noControlAfterUse: boolean;
  readonly resetAfterUse: boolean;
  readonly connOptions: {
    readonly host: string;
    readonly port: number;
    readonly socketPath?: string;
    readonly connectTimeout?: number;
    readonly database?: string;
  };
}

/** The inner pool, which the promise and the callback pool keep to themselves: lib/pool.js. */
export interface Pool extends EventEmitter {
  readonly opts: PoolOptions;
  readonly closed: boolean;
  getConnection(parameter: CommandParameter, callback: GetConnection): unknown;
  release(connection: Connection): unknown;
  end(): Promise<unknown>;
  totalConnections(): number;
  activeConnections(): number;
  idleConnections(): number;
  taskQueueSize(): number;
  /** What a connection's own `release()` calls: the control after use, then `release`. */
  _handleRelease(connection: Connection, callback?: () => void): unknown;
  _getRevertFunction(connection: Connection): (done: (error?: Error | null) => void) => void;
  _startLeakDetection(connection: Connection): void;
  _shouldCreateMoreConnections(): boolean;
  _initiateConnectionCreation(timeoutEnd: number): unknown;
  _onConnectionCreationSuccess(): unknown;
  _handleConnectionCreationError(
    error: Error,
    success: () => void,
    failure: Reject,
    timeoutEnd: number,
  ): unknown;
  _onConnectionCreationError(error: Error, timeoutEnd: number): unknown;
  _createPoolConnection(success: () => void, failure: Reject, timeoutEnd: number): unknown;
  _prepareNewConnection(
    connection: Connection,
    success: (connection: Connection) => void,
    failure: Reject,
  ): unknown;
  _findValidIdleConnection(callback: GetConnection, needPoolSizeCheck: boolean): unknown;
  _validateConnectionHealth(connection: Connection, callback: (valid: boolean) => void): unknown;
  _rejectTimedOutRequest(request: Request, now: number): unknown;
}

/** What users hold of one lease: a wrapper, made anew at each borrow. */
export interface Wrapper {
  release(callback?: () => void): unknown;
  end(callback?: () => void): unknown;
  close(callback?: () => void): unknown;
}

/** A promise pool or a callback pool, as `createPool()` returns it. */
export interface OuterPool extends EventEmitter, OneShots {
  readonly constructor: new (options: object) => OuterPool;
  readonly closed: boolean;
  /** Counted by a cluster whose node it is. */
  errorCount?: number;
  getConnection(callback?: (error: Error | null, connection?: Wrapper) => void): unknown;
  totalConnections(): number;
}

/** What a cluster's `of()` returns, made anew at each call. */
export type FilteredCluster = OneShots;

/** A cluster, promise or callback, as `createPoolCluster()` returns it. */
export interface Cluster {
  add(id: unknown, config?: unknown): unknown;
  of(pattern?: string | RegExp, selector?: string): FilteredCluster;
  /** The driver's own way for tests to its nodes, which are private otherwise. */
  readonly __tests: { getNodes(): Record<string, OuterPool> | null };
}
