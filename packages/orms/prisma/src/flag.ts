import { readOptions, type LifeguardOptions } from '@pool-lifeguard/core';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { guard, isGuarded } from './guard.ts';

const honoured = Symbol.for('pool-lifeguard.prisma.flag.1');
const wanted = Symbol.for('pool-lifeguard.prisma.every.1');

/** The class of driver adapters, and what copies of this package have agreed on there. */
type Marked = PrismaMariaDb & { [honoured]?: boolean; [wanted]?: LifeguardOptions };

/**
 * Guards every driver adapter at its next `connect()`, if the environment says `LIFEGUARD=on` or
 * `LIFEGUARD=observe`. Once per copy of the adapter's package, whoever calls it.
 */
export function honourFlag(): void {
  const prototype: Marked = PrismaMariaDb.prototype;
  if (prototype[honoured]) return;
  Object.defineProperty(prototype, honoured, { value: true });
  const { connect } = prototype;
  prototype.connect = function (this: PrismaMariaDb) {
    const options = prototype[wanted];
    if (isGuarded(this) || !(options || isFlagged())) return connect.call(this);
    // It has a `connect()` of its own by then, which comes here again.
    return guard(this, options).connect();
  };
}

/**
 * The same whatever the environment says, with these options; the newest ones count.
 *
 * @throws LifeguardError `LIFEGUARD_INVALID_OPTION`.
 */
export function guardEvery(options: LifeguardOptions = {}): void {
  readOptions(options);
  honourFlag();
  const { prototype } = PrismaMariaDb;
  Object.defineProperty(prototype, wanted, { value: options, configurable: true });
}

function isFlagged(): boolean {
  return /^\s*(on|observe)\s*$/i.test(String(process.env['LIFEGUARD']));
}
