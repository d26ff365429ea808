import type { DatabaseServer, FaultProxy } from '@pool-lifeguard/testkit';
import type { LifeguardOptions } from '@pool-lifeguard/typeorm';
import type { DataSource } from 'typeorm';
import { connectionsOf } from './pool.ts';
import { cutConnection, streamed, type Asked } from './runner.ts';

/** Every use counts as one after a long silence, so that no test has to wait for one. */
export const ALERT = { aliveBypassWindow: 0, pingAfter: 0 } as const satisfies LifeguardOptions;

/** The server can no longer be reached, and its connections are gone. */
export async function goDown(
  server: DatabaseServer,
  proxy: FaultProxy,
  dataSource: DataSource,
): Promise<void> {
  await proxy.refuse();
  for (const connection of connectionsOf(dataSource)) await cutConnection(server, connection);
}

/** The ways of using a data source, each of which takes a connection in its own manner. */
export const uses: Readonly<Record<string, (dataSource: DataSource) => Promise<unknown>>> = {
  query: (dataSource) => dataSource.query('SELECT 1'),
  transaction: (dataSource) => dataSource.transaction((manager) => manager.query('SELECT 1')),
  async stream(dataSource) {
    const runner = dataSource.createQueryRunner();
    try {
      await streamed(runner, 'SELECT 1');
    } finally {
      await runner.release();
    }
  },
};

/** What became of a pool whose idle connections, and one that was held, were lost. */
export interface Survival {
  readonly pool: boolean;
  readonly held: boolean;
}

export const ALL: Survival = { pool: true, held: true };
export const NONE: Survival = { pool: false, held: false };

/**
 * Forgets all connections as a NAT does, so that only a ping can tell, and says what goes on
 * nevertheless: with a guard that is `ALERT` all, without one none. (A stream would hang for ever.)
 */
export async function survival(dataSource: DataSource, proxy: FaultProxy): Promise<Survival> {
  const runner = dataSource.createQueryRunner();
  await Promise.all([runner.query('SELECT 1'), dataSource.query('SELECT 1')]);
  proxy.forget('existing');
  const held = await survives(runner);
  await runner.release();
  proxy.forget('existing');
  return { held, pool: await survives(dataSource) };
}

/** Whether a query works. */
function survives(asked: Asked): Promise<boolean> {
  return asked.query('SELECT 1').then(
    () => true,
    () => false,
  );
}
