import { waitUntil } from '@pool-lifeguard/testkit';
import type { Socket } from 'node:net';
import type { DataSource } from 'typeorm';
import type { TestDatabase } from './database.ts';

/** A connection as mysql2's pool lends it. */
export interface PooledConnection {
  readonly threadId: number;
  readonly stream: Socket;
}

interface Queue<T> {
  readonly length: number;
  get(index: number): T;
}

/** The slice of mysql2's pool that tests look at. */
export interface Pool {
  readonly _allConnections: Queue<PooledConnection>;
  readonly _freeConnections: Queue<PooledConnection>;
  readonly config: { readonly connectionConfig: object };
}

/** The slice of mysql2's pool cluster that tests look at. */
export interface PoolCluster {
  readonly _nodes: Readonly<Record<string, { readonly pool: Pool; readonly errorCount: number }>>;
}

/** Where a data source keeps its connections. */
interface MysqlDriver {
  readonly pool?: Pool;
  readonly poolCluster?: PoolCluster;
}

function driverOf(dataSource: DataSource): MysqlDriver {
  return dataSource.driver as unknown as MysqlDriver;
}

/** The pool of a data source that is initialized. */
export function poolOf(dataSource: DataSource): Pool {
  const { pool } = driverOf(dataSource);
  if (!pool) throw new Error('the data source has no pool');
  return pool;
}

/** The pool of each node of a data source with `replication`. */
export function nodesOf(dataSource: DataSource): PoolCluster['_nodes'] {
  const { poolCluster } = driverOf(dataSource);
  if (!poolCluster) throw new Error('the data source has no pool cluster');
  return poolCluster._nodes;
}

/** All connections of a data source, of every node, lent or idle. */
export function connectionsOf(dataSource: DataSource): PooledConnection[] {
  const { pool, poolCluster } = driverOf(dataSource);
  const nodes = Object.values(poolCluster?._nodes ?? {}).map((node) => node.pool);
  return [...nodes, ...(pool ? [pool] : [])].flatMap(({ _allConnections: all }) => items(all));
}

/** How many connections a pool has, and how many of them are idle. */
export function countsOf({ _allConnections: all, _freeConnections: free }: Pool): {
  all: number;
  free: number;
} {
  return { all: all.length, free: free.length };
}

/** Waits until every connection of the pool is idle. */
export async function allIdle(dataSource: DataSource): Promise<void> {
  const isIdle = (): boolean => {
    const { all, free } = countsOf(poolOf(dataSource));
    return all === free;
  };
  await waitUntil(isIdle, { timeoutMs: 3_000, what: 'that all connections are idle' });
}

/** Waits until every connection of the pool is idle, and the server knows of no other. */
export async function nothingLeaked(dataSource: DataSource, database: TestDatabase): Promise<void> {
  await allIdle(dataSource);
  const isKnown = async (): Promise<boolean> => {
    const known = connectionsOf(dataSource).map((connection) => connection.threadId);
    const seen = (await database.sessions()).map((session) => session.id);
    return seen.length === known.length && known.every((id) => seen.includes(id));
  };
  await waitUntil(isKnown, { timeoutMs: 3_000, what: 'that the server has the same connections' });
  await allIdle(dataSource);
}

function items<T>(queue: Queue<T>): T[] {
  return Array.from({ length: queue.length }, (_, index) => queue.get(index));
}
