import {
  Emitter,
  handleOf,
  readOptions,
  registry,
  type Guard,
  type LifeguardOptions,
} from '@pool-lifeguard/core';
import { GuardedDataSource } from './guard-data-source.ts';
import { driverOf, isGuardable } from './is-typeorm.ts';
import { settingsOf } from './settings.ts';

const guards = registry('typeorm');
/** Data sources whose guard was taken off, which a subscriber leaves alone then. */
const undone = registry('typeorm.undone');

/**
 * Guards a data source of MySQL or MariaDB, before or after `initialize()`, and through every later
 * `destroy()` and `initialize()`. Options given here go before those of `extra.lifeguard`. Guarding
 * it again, by whatever way, returns the guard that it has.
 *
 * @throws LifeguardError `LIFEGUARD_INVALID_OPTION` or `LIFEGUARD_UNSUPPORTED`.
 */
export function guard(dataSource: object, options?: LifeguardOptions): Guard {
  const driver = driverOf(dataSource);
  const policy = readOptions(settingsOf(driver, options));
  const known = guards.get(dataSource) as Guard | undefined;
  // A guard that is switched off gives way to one that is not.
  if (known && (known.stats().mode !== 'off' || policy.mode === 'off')) return known;
  known?.undo();
  const emitter = new Emitter(policy.listeners);
  const guarded = new GuardedDataSource(driver, policy, emitter);
  const undo = (): void => {
    // A later guard of the same data source is not ours to take off.
    if (guards.get(dataSource) !== handle) return;
    guards.delete(dataSource);
    undone.set(dataSource, dataSource);
    guarded.undo();
  };
  const handle: Guard = handleOf({ policy, emitter, pools: () => guarded.pools(), undo });
  guards.set(dataSource, handle);
  undone.delete(dataSource);
  return handle;
}

/** Guards a data source that a subscriber meets, unless it is guarded or was released from that. */
export function guardUnlessKnown(dataSource: object, options?: LifeguardOptions): void {
  if (guards.get(dataSource) || undone.get(dataSource) || !isGuardable(dataSource)) return;
  guard(dataSource, options);
}
