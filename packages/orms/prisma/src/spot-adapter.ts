import { AsyncLocalStorage } from 'node:async_hooks';
import { shadow } from '@pool-lifeguard/core';
import { unsupported } from './is-prisma.ts';
import type { Adapter, AdapterFactory } from './prisma-shapes.ts';

/** Hears of the adapter that an operation reaches, before the operation uses it. */
export type Spotted = (adapter: Adapter) => void;

const operations = new AsyncLocalStorage<Spotted>();

/** Runs an operation whose adapter is of interest, if a guarded factory connects one for it. */
export function spotting<T>(spotted: Spotted, operation: () => Promise<T>): Promise<T> {
  return operations.run(spotted, operation);
}

/** An adapter is about to be used: whoever began this operation is told. */
export function spot(adapter: Adapter): void {
  operations.getStore()?.(adapter);
}

/** How many wait to see an adapter of this class, and how to stop looking. */
const watches = new WeakMap<object, { count: number; restore: readonly (() => void)[] }>();

/**
 * Runs an operation of a client that is connected already, and tells of the adapter that it uses,
 * which Prisma keeps to itself: the methods of its class are watched meanwhile.
 *
 * @throws LifeguardError (rejects with) `LIFEGUARD_UNSUPPORTED` for an adapter of unknown make.
 */
export async function spotAdapter<T>(
  factory: AdapterFactory,
  spotted: Spotted,
  operation: () => Promise<T>,
): Promise<T> {
  const prototype = await prototypeOf(factory);
  watch(prototype);
  try {
    return await spotting(spotted, operation);
  } finally {
    unwatch(prototype);
  }
}

function watch(prototype: Adapter): void {
  const known = watches.get(prototype);
  if (known) {
    known.count++;
    return;
  }
  const { queryRaw, executeRaw, startTransaction } = prototype;
  const restore = [
    shadow(prototype, 'queryRaw', function (this: Adapter, query) {
      spot(this);
      return queryRaw.call(this, query);
    }),
    shadow(prototype, 'executeRaw', function (this: Adapter, query) {
      spot(this);
      return executeRaw.call(this, query);
    }),
    shadow(prototype, 'startTransaction', function (this: Adapter, ...isolation) {
      const { startTransaction: own } = this;
      spot(this);
      // Taken just now: it has a method of its own, which will come here again.
      if (this.startTransaction !== own) return this.startTransaction(...isolation);
      return startTransaction.apply(this, isolation);
    }),
  ];
  watches.set(prototype, { count: 1, restore });
}

function unwatch(prototype: Adapter): void {
  const known = watches.get(prototype);
  if (!known || --known.count > 0) return;
  for (const restore of known.restore) restore();
  watches.delete(prototype);
}

/** By the class of factory. */
const prototypes = new WeakMap<object, Promise<Adapter>>();

function prototypeOf(factory: AdapterFactory): Promise<Adapter> {
  const Factory = makerOf(factory);
  const known = prototypes.get(Factory);
  if (known) return known;
  const found = connectToNothing(Factory);
  prototypes.set(Factory, found);
  return found;
}

type Maker = new (config: object) => AdapterFactory;

/** The class that brings `connect`, whose constructor we know; an application may have derived one. */
function makerOf(factory: AdapterFactory): Maker {
  let prototype = Object.getPrototypeOf(factory) as AdapterFactory | null;
  for (let next = prototype; next && next !== Object.prototype;) {
    if (Object.hasOwn(next, 'connect')) prototype = next;
    next = Object.getPrototypeOf(next) as AdapterFactory | null;
  }
  return prototype?.constructor as Maker;
}

/** The adapter's class is not exported: an adapter is made that can never open a connection. */
async function connectToNothing(Factory: Maker): Promise<Adapter> {
  const error = Object.assign(new Error('This pool only shows its class.'), { errno: 1045 });
  const config = {
    stream: (refuse: (error: Error) => void) => void process.nextTick(refuse, error),
    connectionLimit: 1,
    acquireTimeout: 1,
    initializationTimeout: 1,
  };
  try {
    const adapter = await new Factory(config).connect();
    await adapter.dispose();
    const prototype = Object.getPrototypeOf(adapter) as Adapter;
    if (typeof prototype.startTransaction === 'function') return prototype;
    throw new TypeError('it has no startTransaction()');
  } catch (cause) {
    throw unsupported(
      'This Prisma client is connected already, and the class of its driver adapter cannot be ' +
        'found out. Guard it before its first use, or guard the adapter: ' +
        `new PrismaClient({ adapter: guard(…) }). The reason was: ${String(cause)}`,
    );
  }
}
