import type { DatabaseServer } from '@pool-lifeguard/testkit';
import { once } from 'node:events';
import type { DataSource, QueryRunner } from 'typeorm';
import type { PooledConnection } from './pool.ts';

/** Whatever runs statements: a runner, a data source, a manager. */
export interface Asked {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** The connection that a runner holds now; asking the runner itself would heal it. */
export function heldBy(runner: QueryRunner): PooledConnection {
  const held = (runner as unknown as { databaseConnection?: PooledConnection }).databaseConnection;
  if (!held) throw new Error('the runner holds no connection');
  return held;
}

/** A runner that has used its connection and rests now. */
export async function heldRunner(dataSource: DataSource): Promise<QueryRunner> {
  const runner = dataSource.createQueryRunner();
  await runner.query('SELECT 1');
  return runner;
}

/** Lets the server cut a runner's connection, and waits until the client has seen it. */
export function cut(server: DatabaseServer, runner: QueryRunner): Promise<void> {
  return cutConnection(server, heldBy(runner));
}

/** Lets the server cut a connection, and waits until the client has seen it. */
export async function cutConnection(
  server: DatabaseServer,
  { stream, threadId }: PooledConnection,
): Promise<void> {
  const seen = once(stream, 'close');
  await server.kill(threadId);
  await seen;
}

/** Which session of the server a statement runs in. */
export async function connectionId(asked: Asked): Promise<number> {
  const rows = await ask<{ id: string }>(asked, 'SELECT CONNECTION_ID() AS id');
  return Number(rows[0]?.id);
}

/** The rows of a statement. */
export async function ask<T = Record<string, unknown>>(
  asked: Asked,
  sql: string,
  parameters: unknown[] = [],
): Promise<T[]> {
  return (await asked.query(sql, parameters)) as T[];
}

/** The rows of a stream. */
export async function streamed(
  runner: QueryRunner,
  sql: string,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const row of await runner.stream(sql)) rows.push(row as never);
  return rows;
}
