import { LifeguardError } from '@pool-lifeguard/core';
import type { Pool, PoolCluster } from './mysql2-shapes.ts';

/** The pool or cluster of mysql2 inside what the user gave, promise wrappers taken off. */
export function unwrap(target: unknown): { pool: Pool } | { cluster: PoolCluster } {
  for (const candidate of [target, member(target, 'pool'), member(target, 'poolCluster')]) {
    if (isCluster(candidate)) return { cluster: candidate };
    if (isPool(candidate)) return { pool: candidate };
  }
  throw new LifeguardError(
    'LIFEGUARD_UNSUPPORTED',
    'guard() was given something that is not a pool of mysql2 3.12 or newer; allowed: what ' +
      'createPool() or createPoolCluster() of "mysql2" or "mysql2/promise" returns.',
  );
}

/** The queues of mysql2 can be read by index; those of the older package `mysql` are arrays. */
function isPool(value: unknown): value is Pool {
  return (
    ['getConnection', 'releaseConnection', 'end'].every((name) => isFunction(value, name)) &&
    ['_allConnections', '_freeConnections', '_connectionQueue'].every((name) =>
      ['get', 'push', 'pop', 'removeOne'].every((method) =>
        isFunction(member(value, name), method),
      ),
    ) &&
    member(member(value, 'config'), 'connectionConfig') !== undefined
  );
}

function isCluster(value: unknown): value is PoolCluster {
  return (
    ['add', 'of', '_findNodeIds', '_getConnection'].every((name) => isFunction(value, name)) &&
    typeof member(value, '_nodes') === 'object' &&
    typeof member(value, '_restoreNodeTimeout') === 'number'
  );
}

function isFunction(value: unknown, name: string): boolean {
  return typeof member(value, name) === 'function';
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
