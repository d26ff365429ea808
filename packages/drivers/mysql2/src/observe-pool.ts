import { shadow, type Observer } from '@pool-lifeguard/core';
import type { BarePool } from './bare-pool.ts';
import type { Connection, Pool } from './mysql2-shapes.ts';

/**
 * Shows an observer what the pool does by itself, and changes nothing about it. Returns the functions
 * that end that.
 */
export function observePool(
  pool: Pool,
  bare: BarePool,
  driver: { readonly undone: boolean },
  observer: Observer<Connection>,
): (() => void)[] {
  return [
    shadow(pool, 'getConnection', (callback) => {
      if (driver.undone || pool._closed) return bare.getConnection(callback);
      const { _freeConnections: free } = pool;
      const next = free.length > 0 ? free.get(free.length - 1) : undefined;
      return bare.getConnection(observer.borrows(next, callback));
    }),
    shadow(pool, 'releaseConnection', (connection) => {
      if (!driver.undone) {
        if (connection._pool) observer.releases(connection);
        else observer.removes(connection);
      }
      return bare.releaseConnection(connection);
    }),
  ];
}
