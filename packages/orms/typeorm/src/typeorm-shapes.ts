/*
 * The slices of TypeORM's classes that the adapter touches, private members included. They are the
 * same in 0.3.20 and 1.x; the classes themselves are only imported where one must be patched.
 */

/** driver/mysql/MysqlQueryRunner. */
export interface QueryRunner {
  databaseConnection?: PooledConnection | undefined;
  databaseConnectionPromise?: Promise<PooledConnection> | undefined;
  isReleased: boolean;
  isTransactionActive: boolean;
  connect(): Promise<PooledConnection>;
  query(sql: string, ...rest: unknown[]): Promise<unknown>;
  stream(sql: string, ...rest: unknown[]): Promise<unknown>;
  release(): Promise<void>;
  transactionDepth: number;
  startTransaction(...isolation: unknown[]): Promise<void>;
  commitTransaction(...none: unknown[]): Promise<void>;
  rollbackTransaction(...none: unknown[]): Promise<void>;
}

/** A connection as the pool lends it. */
export interface PooledConnection {
  release(): void;
}

/** driver/mysql/MysqlDriver. */
export interface MysqlDriver {
  readonly options: { readonly type: string; readonly extra?: unknown };
  readonly pool?: object;
  readonly poolCluster?: object;
  connect(): Promise<void>;
  createQueryRunner(mode: string): QueryRunner;
  createConnectionOptions(...of: unknown[]): Record<string, unknown>;
}

/** data-source/DataSource. */
export interface DataSource {
  readonly driver: object;
  readonly isInitialized: boolean;
  readonly subscribers: readonly object[];
  initialize(): Promise<unknown>;
}
