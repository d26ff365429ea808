/*
 * The slices of Prisma's objects that the adapter touches, private members included. They are the
 * same from 6.13 to 7.10.
 */

/** What Prisma takes as `adapter`: it makes a pool, and something to talk to it, at each connect. */
export interface AdapterFactory {
  readonly provider: string;
  readonly adapterName: string;
  connect(): Promise<Adapter>;
}

/** One connected adapter: @prisma/driver-adapter-utils, `SqlDriverAdapter`. */
export interface Adapter {
  queryRaw(query: Query): Promise<ResultSet>;
  executeRaw(query: Query): Promise<number>;
  startTransaction(...isolation: unknown[]): Promise<Transaction>;
  getConnectionInfo?(): ConnectionInfo;
  dispose(): Promise<void>;
  underlyingDriver?(): Pool;
}

/** The pool of an adapter, of which a transaction borrows its connection. */
export interface Pool {
  readonly closed: boolean;
  getConnection(...borrow: unknown[]): Promise<object>;
}

export interface Query {
  readonly sql: string;
  readonly args: readonly unknown[];
  readonly argTypes: readonly unknown[];
}

export interface ResultSet {
  readonly rows: readonly (readonly unknown[])[];
}

export interface ConnectionInfo {
  readonly supportsRelationJoins: boolean;
}

/** A transaction on a connection of the pool; which methods it has depends on the version. */
export interface Transaction {
  /** The connection, as the pool lent it. */
  readonly client: object;
  queryRaw?(query: Query): Promise<unknown>;
  executeRaw?(query: Query): Promise<unknown>;
  commit?(): Promise<unknown>;
  rollback?(): Promise<unknown>;
  createSavepoint?(name: string): Promise<unknown>;
  rollbackToSavepoint?(name: string): Promise<unknown>;
  releaseSavepoint?(name: string): Promise<unknown>;
}

/** What runs a client's operations; all clients that were extended from one share it. */
export interface Engine {
  start(): Promise<void>;
  request(...request: unknown[]): Promise<unknown>;
  requestBatch(...requests: unknown[]): Promise<unknown>;
  transaction(...step: unknown[]): Promise<unknown>;
}

/** A client, extended or not. */
export interface Client {
  readonly _engine: Engine;
  readonly _engineConfig: { readonly adapter?: unknown };
}
