import { waitUntil, type DatabaseServer } from '@pool-lifeguard/testkit';
import { parityOf } from '@pool-lifeguard/testkit/parity';
import { createPool, type Pool, type PoolConfig } from 'mariadb';
import { guard, type Guard, type LifeguardOptions } from '../../src/index.ts';
import { heedless } from '../subjects/mariadb-options.ts';

/** Nothing is looked at or opened ahead, so that only what fails tells. */
export const UNDOUBTED: LifeguardOptions = {
  keepaliveTime: 0,
  aliveBypassWindow: '1h',
  pingAfter: '1h',
  pingIdleAfter: '1h',
};

/** For use in a suite: tests that run one scenario bare and guarded, and compare. */
export const parityOn = (server: () => DatabaseServer) =>
  parityOf(
    {
      login: loginOf,
      open(config: PoolConfig): Pool {
        const pool = createPool(config);
        heedless(pool);
        return pool;
      },
      guard: (pool, options: LifeguardOptions) => guard(pool, options),
      drop: (pool: Pool) => drop(pool),
      // It shows a wrapper.
      nameless: ['connection'],
    },
    server,
  );

/** What a pool of the driver logs in with. */
export function loginOf(server: DatabaseServer): PoolConfig {
  return { ...server.connectionOptions(), allowPublicKeyRetrieval: true, bigIntAsNumber: true };
}

/** Ends a pool whatever state it is in. */
export function drop(pool: { readonly closed: boolean; end(): unknown }): void {
  const ended = pool.closed ? undefined : pool.end();
  if (ended instanceof Promise) ended.catch(() => {});
}

/**
 * Resolves once a pool has opened the idle connections that it keeps up, and a guard that was there
 * from the beginning has read their limits: meanwhile they count as lent.
 */
export async function filled(pool: Pool, count: number, handle?: Guard): Promise<void> {
  let read = 0;
  const stop = handle?.on('limitRead', () => (read += 1));
  const isFilled = (): boolean => pool.idleConnections() >= count && (!handle || read >= count);
  await waitUntil(isFilled, { what: 'the idle connections' });
  stop?.();
}
