import { shadow, type Observer } from '@pool-lifeguard/core';
import type { BarePool } from './bare-pool.ts';
import type { Connection } from './mariadb-shapes.ts';
import type { PrivateParts } from './private-parts.ts';

/**
 * Shows an observer what the pool does by itself, and changes nothing about it. Returns the functions
 * that end that.
 */
export function observePool(
  { pool, idle }: PrivateParts,
  bare: BarePool,
  driver: { readonly undone: boolean },
  observer: Observer<Connection>,
): (() => void)[] {
  return [
    shadow(pool, 'getConnection', (request, callback) => {
      if (driver.undone || pool.closed) return bare.getConnection(request, callback);
      return bare.getConnection(request, observer.borrows(idle.peekAt(0), callback));
    }),
    shadow(pool, 'release', (connection) => {
      if (!driver.undone) observer.releases(connection);
      return bare.release(connection);
    }),
  ];
}
