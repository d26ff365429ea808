import { EventEmitter } from 'node:events';
import { shadow } from '@pool-lifeguard/core';
import type {
  Connection,
  ConnectionClass,
  OuterPool,
  Pool,
  Queue,
  Request,
} from './mariadb-shapes.ts';

/** What a pool of mariadb keeps in private fields. */
export interface PrivateParts {
  readonly pool: Pool;
  /** The idle connections; the pool lends from its head and puts back at its tail. */
  readonly idle: Queue<Connection>;
  /** Borrowers in the pool's own line. */
  readonly requests: Queue<Request>;
  /** The lent connections by thread id, which need not be unique. */
  readonly active: Record<PropertyKey, Connection | null>;
  readonly Connection: ConnectionClass;
}

/**
 * Finds the inner pool behind what users hold, and what it keeps to itself.
 *
 * All of mariadb's borrows (`getConnection`, `query`, `execute`, `batch`, `importFile`, promise or
 * callback) meet in methods of the inner pool: hooked there, they keep all that they do around a
 * borrow. It is private, and so are its queues; but it calls public methods of its emitters and
 * queues, and who stands in for one of these during a single call is given the object as `this`.
 * Nothing is opened, sent or moved, and nothing stays behind.
 *
 * @throws when the pool is not built as expected.
 */
export function privateParts(outer: OuterPool): PrivateParts {
  const pool = innerPool(outer);
  // It stops before it has a socket.
  const connection = caughtAt('close_prepare', () => {
    pool._createPoolConnection(nothing, nothing, Infinity);
  }) as Connection;
  const queue = Object.getPrototypeOf(connection.sendQueue) as SizedQueue;
  const idle = queueReadBy(queue, () => pool.idleConnections()) as unknown as Queue<Connection>;
  const requests = queueReadBy(queue, () => pool.taskQueueSize()) as unknown as Queue<Request>;
  const Class = connection.constructor as ConnectionClass;
  return { pool, idle, requests, active: activeOf(pool, idle), Connection: Class };
}

function nothing(): void {}

function innerPool(outer: OuterPool): Pool {
  // It stops before it is a pool.
  const stillborn = caughtAt('_idle', () => new outer.constructor({ connectionLimit: 1 }));
  const prototype = Object.getPrototypeOf(stillborn) as Pool;
  const { totalConnections } = prototype;
  const found = new Found<Pool>();
  prototype.totalConnections = function (this: Pool): number {
    found.is(this);
    return totalConnections.call(this);
  };
  try {
    outer.totalConnections();
  } finally {
    prototype.totalConnections = totalConnections;
  }
  return found.one;
}

/** The emitter that is the first to ask for an event; whoever was making it is stopped there. */
function caughtAt(event: string, run: () => void): EventEmitter {
  const { prototype } = EventEmitter;
  const { on } = prototype;
  const stop = new Error('stopped');
  const found = new Found<EventEmitter>();
  prototype.on = function (this: EventEmitter, name, listener) {
    if (name !== event) return on.call(this, name, listener);
    found.is(this);
    throw stop;
  };
  try {
    run();
  } catch (error) {
    if (error !== stop) throw error;
  } finally {
    prototype.on = on;
  }
  return found.one;
}

interface SizedQueue {
  size(): number;
}

/** The queue whose length is read. */
function queueReadBy(prototype: SizedQueue, read: () => void): SizedQueue {
  const { size } = prototype;
  const found = new Found<SizedQueue>();
  prototype.size = function (this: SizedQueue): number {
    found.is(this);
    return size.call(this);
  };
  try {
    read();
  } finally {
    prototype.size = size;
  }
  return found.one;
}

/** The map of lent connections: the one on which an entry is set that nobody else has a name for. */
function activeOf(pool: Pool, idle: Queue<Connection>): PrivateParts['active'] {
  const key = Symbol('thread id');
  // The queue drops its last item when it grows beyond the pool's limit.
  const first = idle.shift();
  const restore = shadow(pool, '_validateConnectionHealth', nothing);
  const found = new Found<PrivateParts['active']>();
  // oxlint-disable-next-line no-extend-native -- for one call, by a symbol that nobody else has
  Object.defineProperty(Object.prototype, key, {
    configurable: true,
    set(this: PrivateParts['active']) {
      found.is(this);
    },
  });
  try {
    idle.unshift({ threadId: key } as object as Connection);
    pool._findValidIdleConnection(nothing, false);
  } finally {
    delete (Object.prototype as unknown as Record<symbol, unknown>)[key];
    restore();
    if (first) idle.unshift(first);
  }
  return found.one;
}

/** What somebody who stood in for a method was given as `this`, the first time. */
class Found<T extends object> {
  #one: T | undefined;

  is(one: T): void {
    this.#one ??= one;
  }

  get one(): T {
    if (this.#one === undefined) throw new Error('not built as expected');
    return this.#one;
  }
}
