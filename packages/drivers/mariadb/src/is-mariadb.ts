import { LifeguardError } from '@pool-lifeguard/core';
import type { Cluster, OuterPool } from './mariadb-shapes.ts';
import { privateParts, type PrivateParts } from './private-parts.ts';

/** Methods of the inner pool that the guard leans on, beside those that users call. */
const INNER = [
  ...['getConnection', 'release', 'end', '_handleRelease', '_getRevertFunction'],
  ...['_prepareNewConnection', '_initiateConnectionCreation', '_shouldCreateMoreConnections'],
  ...[
    '_onConnectionCreationSuccess',
    '_onConnectionCreationError',
    '_handleConnectionCreationError',
    '_rejectTimedOutRequest',
  ],
];

/** The pool or cluster of mariadb that the user gave. */
export function recognize(target: unknown): { pool: OuterPool } | { cluster: Cluster } {
  if (isCluster(target)) return { cluster: target };
  if (isPool(target)) return { pool: target };
  throw unsupported();
}

/**
 * What a pool keeps to itself, once it is certain that it is built as the guard knows it.
 *
 * @throws LifeguardError `LIFEGUARD_UNSUPPORTED`.
 */
export function partsOf(outer: OuterPool): PrivateParts {
  try {
    const parts = privateParts(outer);
    if (INNER.every((name) => isFunction(parts.pool, name))) return parts;
  } catch (error) {
    throw unsupported(error);
  }
  throw unsupported();
}

function unsupported(cause?: unknown): LifeguardError {
  return new LifeguardError(
    'LIFEGUARD_UNSUPPORTED',
    'guard() was given something that is not an open pool of mariadb 3.4.5 or newer; allowed: what ' +
      'createPool() or createPoolCluster() of "mariadb" or "mariadb/callback" returns.',
    cause === undefined ? undefined : { cause },
  );
}

const POOL = ['getConnection', 'query', 'execute', 'batch', 'importFile', 'end'];
const METRICS = ['activeConnections', 'totalConnections', 'idleConnections', 'taskQueueSize'];

function isPool(value: unknown): value is OuterPool {
  return [...POOL, ...METRICS].every((name) => isFunction(value, name));
}

function isCluster(value: unknown): value is Cluster {
  return (
    ['add', 'of', 'remove', 'getConnection', 'end'].every((name) => isFunction(value, name)) &&
    isFunction(member(value, '__tests'), 'getNodes')
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
