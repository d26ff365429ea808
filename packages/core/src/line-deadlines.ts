import type { Clock, Timer } from './clock.ts';
import { LATE_MS } from './deadline.ts';
import type { Line, Waiter } from './line.ts';
import { afterLook } from './looks.ts';

/**
 * The deadlines of all who wait in line, on one timer. Like every deadline it looks before it
 * fires, and what fired late, in a process that stood still, is given its time again once.
 */
export class LineDeadlines<C> {
  readonly #clock: Clock;
  readonly #line: Line<C>;
  readonly #timeoutMs: number;
  readonly #expired: (waiter: Waiter<C>) => void;
  #timer: Timer | undefined;
  #due = 0;

  constructor(clock: Clock, line: Line<C>, timeoutMs: number, expired: (w: Waiter<C>) => void) {
    this.#clock = clock;
    this.#line = line;
    this.#timeoutMs = timeoutMs;
    this.#expired = expired;
  }

  /** Starts the deadlines of the first `count` in line. */
  arm(count: number): void {
    if (this.#line.armed >= count) return;
    const now = this.#clock.now();
    while (this.#line.armed < count && this.#line.armNext(now));
    if (!this.#timer) this.#aim(now + this.#timeoutMs);
  }

  /** Somebody whose deadline runs came back into the line. */
  resume(): void {
    if (!this.#timer) this.#aimAtEarliest();
  }

  /** Stops the deadlines of all behind the first `count`: they only wait for busy connections. */
  disarmBehind(count: number): void {
    this.#line.disarmBehind(count);
    this.settle();
  }

  /** Calls off the timer when no deadline runs any more, so that it keeps no process alive. */
  settle(): void {
    if (this.#line.armed > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #aimAtEarliest(): void {
    let earliest = Infinity;
    for (const { armedAt } of this.#line) earliest = Math.min(earliest, armedAt ?? Infinity);
    if (earliest !== Infinity) this.#aim(earliest + this.#timeoutMs);
  }

  #aim(due: number): void {
    this.#timer?.cancel();
    this.#due = due;
    const ms = Math.max(0, due - this.#clock.now());
    const timer = this.#clock.timer(ms, () => this.#fire(timer), 'busy');
    this.#timer = timer;
  }

  #fire(timer: Timer): void {
    const now = this.#clock.now();
    if (now - this.#due > LATE_MS) this.#pardon(now);
    const expire = (): void => {
      // Settled meanwhile, or aimed anew: then it is not this timer's business any more.
      if (this.#timer !== timer) return;
      this.#timer = undefined;
      this.#expire();
    };
    // A dial that the first look finds answered is itself looked at before it is lent.
    afterLook(this.#clock, () => afterLook(this.#clock, expire));
  }

  #pardon(now: number): void {
    for (const waiter of this.#line) {
      if (waiter.pardoned || !this.#overdue(waiter, now)) continue;
      waiter.pardoned = true;
      waiter.armedAt = now;
    }
  }

  #expire(): void {
    const now = this.#clock.now();
    for (const waiter of this.#line) {
      if (!this.#overdue(waiter, now)) continue;
      this.#line.remove(waiter);
      this.#expired(waiter);
    }
    this.#aimAtEarliest();
  }

  /** Timers may fire up to a millisecond early by the finer clock. */
  #overdue(waiter: Waiter<C>, now: number): boolean {
    return waiter.armedAt !== undefined && now - waiter.armedAt >= this.#timeoutMs - 1;
  }
}
