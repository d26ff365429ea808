import type { Guard, LifeguardOptions } from '@pool-lifeguard/core';
import { installer } from './install.ts';

/**
 * Guards a pool or a pool cluster of mariadb, promise or callback. Guarding it again, also by
 * another copy of this package, returns the guard that it has.
 *
 * @throws LifeguardError `LIFEGUARD_INVALID_OPTION` or `LIFEGUARD_UNSUPPORTED`; the pool is as it
 *   was then.
 */
export function guard(target: object, options?: LifeguardOptions): Guard {
  return installer.guard(target, options);
}
