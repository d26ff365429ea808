import {
  Emitter,
  handleOf,
  readOptions,
  registry,
  type Guard,
  type LifeguardOptions,
} from '@pool-lifeguard/core';
import { GuardedFactory } from './guard-factory.ts';
import { asFactory } from './is-prisma.ts';
import type { Adapter, AdapterFactory } from './prisma-shapes.ts';

/** A driver adapter that is guarded: the same object, of the same type. */
export type Guarded<Factory> = Factory & {
  /** Counters, events, evictions and the undo, over all pools that it makes. */
  readonly lifeguard: Guard;
};

/** What is known of a guarded factory, by whichever copy of this package. */
export interface Entry {
  readonly handle: Guard;
  adopt(adapter: Adapter): void;
  atUndo(restore: () => void): void;
}

const guards = registry('prisma');

/**
 * Guards the pools that a driver adapter of Prisma makes, through every `$disconnect()` and
 * reconnect: `new PrismaClient({ adapter: guard(new PrismaMariaDb(…)) })`. A pool that was handed
 * to the adapter is guarded too, and ended or not as the adapter would. Guarding again, by whatever
 * way, finds the guard that is there.
 *
 * @param factory what `new PrismaMariaDb(…)` makes; a client that is connected already is guarded
 *   by `$extends(lifeguard())` instead.
 * @returns the same object, with the guard's handle as `lifeguard`.
 * @throws LifeguardError `LIFEGUARD_INVALID_OPTION` or `LIFEGUARD_UNSUPPORTED`.
 */
export function guard<Factory extends object>(
  factory: Factory,
  options?: LifeguardOptions,
): Guarded<Factory> {
  guardFactory(asFactory(factory), options);
  return factory as Guarded<Factory>;
}

/** Whether this factory has a guard, be it one that is switched off. */
export function isGuarded(factory: object): boolean {
  return guards.get(factory) !== undefined;
}

/** Guards a factory, or finds the guard that it has. */
export function guardFactory(factory: AdapterFactory, options?: LifeguardOptions): Entry {
  const policy = readOptions(options);
  const known = guards.get(factory) as Entry | undefined;
  // A guard that is switched off gives way to one that is not.
  if (known && (known.handle.stats().mode !== 'off' || policy.mode === 'off')) return known;
  known?.handle.undo();
  const emitter = new Emitter(policy.listeners);
  const guarded = new GuardedFactory(factory, policy, emitter);
  const undo = (): void => {
    // A later guard of the same factory is not ours to take off.
    if (guards.get(factory) !== entry) return;
    guards.delete(factory);
    Reflect.deleteProperty(factory, 'lifeguard');
    guarded.undo();
  };
  const handle = handleOf({ policy, emitter, pools: () => guarded.pools(), undo });
  const entry: Entry = {
    handle,
    adopt: (adapter) => guarded.adopt(adapter),
    atUndo: (restore) => guarded.atUndo(restore),
  };
  guards.set(factory, entry);
  Object.defineProperty(factory, 'lifeguard', { value: handle, configurable: true });
  return entry;
}
