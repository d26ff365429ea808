import { AsyncResource } from 'node:async_hooks';
import { noteUnserved } from './fates.ts';

/** How a borrow ends: as the driver's own `getConnection` callback. */
export type Deliver<C> = (error: Error | null, connection?: C) => void;

let lastOrder = 0;

/** The place in the order of the borrows of one who asks now. */
export const nextOrder = (): number => ++lastOrder;

/** Nobody is told of its end, so no finalizer is needed. */
const CONTEXT = { requireManualDestroy: true };

/** One borrow that could not be answered at once; it keeps the async context he asked in. */
export class Waiter<C> extends AsyncResource {
  /** Counts up in the order of the borrows. */
  readonly order: number;
  readonly deliver: Deliver<C>;
  readonly since: number;
  /** It wants the first dial error at once, because it has somewhere else to go (a cluster). */
  readonly failFast: boolean;
  /** When its deadline began to run; undefined while it only waits for busy connections. */
  armedAt: number | undefined;
  /** Its deadline was found late once, and was given its time again. */
  pardoned = false;
  next: Waiter<C> | undefined;
  previous: Waiter<C> | undefined;

  constructor(deliver: Deliver<C>, since: number, failFast: boolean, order = nextOrder()) {
    super('LifeguardBorrow', CONTEXT);
    this.order = order;
    this.deliver = deliver;
    this.since = since;
    this.failFast = failFast;
  }

  /** Answers the borrower in the async context he asked in. */
  settle(error: Error | null, connection?: C): void {
    if (error) noteUnserved(error);
    this.runInAsyncScope(this.deliver, undefined, error, connection);
  }
}

/** The line in front of the pool: first in, first out, and anybody may leave it at once. */
export class Line<C> {
  #head: Waiter<C> | undefined;
  #tail: Waiter<C> | undefined;
  /** The first in line whose deadline does not run yet. */
  #unarmed: Waiter<C> | undefined;
  #length = 0;
  #armed = 0;

  get length(): number {
    return this.#length;
  }

  /** How many deadlines run. */
  get armed(): number {
    return this.#armed;
  }

  push(waiter: Waiter<C>): void {
    waiter.previous = this.#tail;
    if (this.#tail) this.#tail.next = waiter;
    else this.#head = waiter;
    this.#tail = waiter;
    this.#length++;
    if (waiter.armedAt === undefined) this.#unarmed ??= waiter;
    else this.#armed++;
  }

  /** Back to his place near the head, for who was called and met a bad connection. */
  putBack(waiter: Waiter<C>): void {
    let next = this.#head;
    while (next && next.order <= waiter.order) next = next.next;
    waiter.next = next;
    waiter.previous = next ? next.previous : this.#tail;
    if (waiter.previous) waiter.previous.next = waiter;
    else this.#head = waiter;
    if (next) next.previous = waiter;
    else this.#tail = waiter;
    this.#length++;
    if (waiter.armedAt === undefined) this.#unarmed = this.#firstUnarmed();
    else this.#armed++;
  }

  shift(): Waiter<C> | undefined {
    const waiter = this.#head;
    if (waiter) this.remove(waiter);
    return waiter;
  }

  remove(waiter: Waiter<C>): void {
    if (waiter === this.#unarmed) this.#unarmed = this.#nextUnarmed(waiter);
    if (waiter.previous) waiter.previous.next = waiter.next;
    else this.#head = waiter.next;
    if (waiter.next) waiter.next.previous = waiter.previous;
    else this.#tail = waiter.previous;
    waiter.next = undefined;
    waiter.previous = undefined;
    this.#length--;
    if (waiter.armedAt !== undefined) this.#armed--;
  }

  /** Starts the deadline of the first in line whose deadline does not run yet. */
  armNext(now: number): boolean {
    const waiter = this.#unarmed;
    if (!waiter) return false;
    waiter.armedAt = now;
    this.#armed++;
    this.#unarmed = this.#nextUnarmed(waiter);
    return true;
  }

  /** Stops the deadlines of all behind the first `attended`. */
  disarmBehind(attended: number): void {
    let place = 0;
    this.#unarmed = undefined;
    this.#armed = 0;
    for (const waiter of this) {
      if (place++ >= attended) waiter.armedAt = undefined;
      if (waiter.armedAt === undefined) this.#unarmed ??= waiter;
      else this.#armed++;
    }
  }

  *[Symbol.iterator](): Generator<Waiter<C>> {
    let waiter = this.#head;
    while (waiter) {
      const following = waiter.next;
      yield waiter;
      waiter = following;
    }
  }

  #firstUnarmed(): Waiter<C> | undefined {
    const head = this.#head;
    return head && head.armedAt !== undefined ? this.#nextUnarmed(head) : head;
  }

  #nextUnarmed(from: Waiter<C>): Waiter<C> | undefined {
    let waiter = from.next;
    while (waiter && waiter.armedAt !== undefined) waiter = waiter.next;
    return waiter;
  }
}
