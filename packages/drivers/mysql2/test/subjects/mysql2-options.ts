import { BARE } from '@pool-lifeguard/testkit/conformance';
import type { OpenOptions } from '@pool-lifeguard/testkit/conformance';
import { guard } from '../../src/index.ts';
import type { Guard } from '../../src/index.ts';

/** The options of the driver for a pool that the suite orders. */
export function poolOptions({ connection, connectionLimit }: OpenOptions) {
  return { ...connection, connectionLimit };
}

/** Guards a pool, if that is the way in which the suite wants it. */
export function guardIf({ way, lifeguard }: OpenOptions, pool: object): Guard | undefined {
  return way === BARE ? undefined : guard(pool, lifeguard);
}
