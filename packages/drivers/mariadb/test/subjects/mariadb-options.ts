import type { EventEmitter } from 'node:events';
import { BARE } from '@pool-lifeguard/testkit/conformance';
import type { OpenOptions } from '@pool-lifeguard/testkit/conformance';
import { guard } from '../../src/index.ts';
import type { Guard } from '../../src/index.ts';

/** The options of the driver for a pool that the suite orders. */
export function poolOptions({ connection, connectionLimit }: OpenOptions) {
  return {
    ...connection,
    connectionLimit,
    // The suite says how many connections there are to be. (Bare, 3.4.5 would open none at all.)
    minimumIdle: 0,
    // MySQL's way to authenticate without TLS.
    allowPublicKeyRetrieval: true,
  };
}

/** Guards a pool, if that is the way in which the suite wants it. */
export function guardIf({ way, lifeguard }: OpenOptions, pool: object): Guard | undefined {
  return way === BARE ? undefined : guard(pool, lifeguard);
}

/**
 * Listens for what the pool's own upkeep meets while the server is away, which would be thrown
 * otherwise; the types of the driver do not know the event.
 */
export function heedless(pool: object): void {
  (pool as EventEmitter).on('error', () => {});
}
