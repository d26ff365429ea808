import type { DatabaseServer } from '@pool-lifeguard/testkit';
import { parityOf, type ParitySetting } from '@pool-lifeguard/testkit/parity';
import { createPool, type Pool, type PoolOptions } from 'mysql2';
import { guard, type LifeguardOptions } from '../../src/index.ts';
import { inside } from './calls.ts';

/** For scenarios in which a validation would show, because it takes its time: none happens. */
export const UNDOUBTED: LifeguardOptions = {
  keepaliveTime: 0,
  aliveBypassWindow: '1h',
  pingIdleAfter: '1h',
};

/** How a scenario's pool is made. */
export type Setting = ParitySetting<PoolOptions, LifeguardOptions>;

/** For use in a suite: tests that run one scenario bare and guarded, and compare. */
export const parityOn = (server: () => DatabaseServer) =>
  parityOf(
    {
      login: (at): PoolOptions => at.connectionOptions(),
      open: (options) => createPool(options),
      guard: (pool, options: LifeguardOptions) => guard(pool, options),
      drop,
    },
    server,
  );

/** Ends a pool whatever state it is in. */
export function drop(pool: Pool): void {
  const { _allConnections: all } = inside(pool);
  const streams = Array.from({ length: all.length }, (_, index) => all.get(index).stream);
  pool.end(() => {});
  for (const stream of streams) stream.destroy();
}
