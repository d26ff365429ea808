import { connectionTimeout, type LifeguardError } from './errors.ts';
import { LineDeadlines } from './line-deadlines.ts';
import { Line, type Waiter } from './line.ts';
import type { Roster } from './roster.ts';

/** What the gate is doing, for the error of a borrow whose deadline passed. */
export interface GateState {
  readonly busy: number;
  readonly validating: number;
  readonly opening: number;
  readonly cause: Error | undefined;
}

/** Those who wait in front of the pool, in line and each with a deadline, and how they are told no. */
export class Waiting<C extends object> {
  readonly #roster: Roster<C>;
  readonly #state: () => GateState;
  readonly #line = new Line<C>();
  readonly #deadlines: LineDeadlines<C>;

  constructor(roster: Roster<C>, state: () => GateState) {
    this.#roster = roster;
    this.#state = state;
    const { clock, policy } = roster;
    this.#deadlines = new LineDeadlines(clock, this.#line, policy.connectionTimeoutMs, (waiter) =>
      this.#expired(waiter),
    );
  }

  get length(): number {
    return this.#line.length;
  }

  push(waiter: Waiter<C>): void {
    this.#line.push(waiter);
    if (this.#roster.policy.limitsWaiting) this.#deadlines.arm(this.#line.length);
  }

  /** Back to his place near the head, for who was called and met a bad connection. */
  putBack(waiter: Waiter<C>): void {
    this.#line.putBack(waiter);
    if (this.#roster.policy.limitsWaiting) this.#deadlines.arm(this.#line.length);
    this.#deadlines.resume();
  }

  shift(): Waiter<C> | undefined {
    const waiter = this.#line.shift();
    this.#deadlines.settle();
    return waiter;
  }

  /** The deadlines of the first `count` run from now on, if they do not run yet. */
  attend(count: number): void {
    this.#deadlines.arm(Math.min(count, this.#line.length));
  }

  /** Those behind the first `count` only wait for busy connections: their deadlines stop. */
  neglectBehind(count: number): void {
    if (!this.#roster.policy.limitsWaiting) this.#deadlines.disarmBehind(count);
  }

  /** Answers with an error all whom `which` names. */
  refuse(error: Error, which: (waiter: Waiter<C>) => boolean): void {
    for (const waiter of this.#line) {
      if (!which(waiter)) continue;
      this.#line.remove(waiter);
      process.nextTick(() => waiter.settle(error));
    }
    this.#deadlines.settle();
  }

  /**
   * A dial failed: tells so to those with somewhere else to go, and if no other try can help to all who
   * have nothing else to wait for: behind the first `served`, and only so many as there are `places`.
   */
  refuseDial(error: Error, isHopeless: boolean, served: number, places: number): void {
    let place = 0;
    this.refuse(error, (waiter) => {
      const at = place++;
      return at >= served && (waiter.failFast || (isHopeless && at < places));
    });
    this.attend(this.length);
  }

  /** Sends everybody away unanswered, and returns them in their order. */
  dissolve(): readonly Waiter<C>[] {
    const waiters = [...this.#line];
    for (const waiter of waiters) this.#line.remove(waiter);
    this.#deadlines.settle();
    return waiters;
  }

  #expired(waiter: Waiter<C>): void {
    const { counters, clock, poolName } = this.#roster;
    const waitedMs = clock.now() - waiter.since;
    const state = this.#state();
    counters.timeouts++;
    this.#roster.emit('timeout', () => ({ waitedMs, cause: state.cause }));
    const error: LifeguardError = connectionTimeout({ poolName, waitedMs, ...state });
    process.nextTick(() => waiter.settle(error));
  }
}
