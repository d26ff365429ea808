import { answerOf } from '@pool-lifeguard/testkit';
import type { Pool, PoolCluster, PoolConnection } from 'mysql2';
import type {
  Connection as Inner,
  Pool as InnerPool,
  PoolCluster as InnerCluster,
} from '../../src/mysql2-shapes.ts';

/** A row as the driver gives it. */
export type Row = Record<string, unknown>;

/** Whatever answers `query(sql, callback)`: a pool, a connection. */
export type Asked = Pick<Pool, 'query'>;

/** The private side of a pool, as the adapter sees it. */
export const inside = (pool: Pool): InnerPool => pool as unknown as InnerPool;

/** The private side of a cluster, as the adapter sees it. */
export const insideCluster = (cluster: PoolCluster): InnerCluster =>
  cluster as unknown as InnerCluster;

/** The private side of a connection, as the adapter sees it. */
export const within = (connection: object): Inner => connection as Inner;

/** Takes a connection. */
export function borrow(pool: Pick<Pool, 'getConnection'>): Promise<PoolConnection> {
  return answerOf((done) => pool.getConnection(done));
}

/** Takes that many connections at once. */
export function borrowAll(pool: Pool, count: number): Promise<PoolConnection[]> {
  return Promise.all(Array.from({ length: count }, () => borrow(pool)));
}

/** Runs a statement and returns its rows, or what else its answer is. */
export function ask<T = Row[]>(on: Asked, sql: string, values: unknown[] = []): Promise<T> {
  return answerOf<unknown>((done) => on.query(sql, values, done)) as Promise<T>;
}

/** The first value of the first row. */
export async function askOne(on: Asked, sql: string, values: unknown[] = []): Promise<unknown> {
  const [row] = await ask(on, sql, values);
  return Object.values(row ?? {})[0];
}

/** Runs a prepared statement and returns its rows. */
export function execute<T = Row[]>(
  on: Pick<Pool, 'execute'>,
  sql: string,
  values: (string | number)[] = [],
): Promise<T> {
  return answerOf<unknown>((done) => on.execute(sql, values, done)) as Promise<T>;
}

/** Ends a pool as an application does. */
export function end(pool: Pick<Pool, 'end'>): Promise<void> {
  return answerOf((done) => pool.end(done));
}

/** What a promise came to, or `'pending'`. */
export function outcomeNow<T>(promise: Promise<T>): Promise<T | 'pending'> {
  return Promise.race([promise, Promise.resolve('pending' as const)]);
}

/** What an error says, without what differs from run to run. */
export function said(error: NodeJS.ErrnoException): Row {
  const { message, code, errno, syscall } = error;
  return { message, code, errno, syscall, fatal: 'fatal' in error && error.fatal };
}
