import type { Surroundings } from '@pool-lifeguard/core';
import { EventQueue } from './event-queue.ts';

/** Time as core sees it. */
type Clock = Surroundings['clock'];

/** Everything happens on a stroke of a sixteenth of a millisecond; and timers, as Node's, never early. */
const STROKES_PER_MS = 16;

/**
 * A clock that jumps from one event to the next, and the event loop of every process of the fleet: a
 * poll phase takes no time, and what was deferred by a tick runs before anything else happens.
 */
export class VirtualClock implements Clock {
  /** How many things have happened. */
  events = 0;
  readonly #queue = new EventQueue();
  #polls: (() => void)[] = [];
  #now = 0;

  now(): number {
    return this.#now;
  }

  glance(): number {
    return this.#now;
  }

  /** No machine of the fleet is ever suspended. */
  awake(moment: number): number {
    return moment;
  }

  timer(ms: number, callback: () => void): { cancel(): void } {
    const at = Math.ceil((this.#now + ms) * STROKES_PER_MS) / STROKES_PER_MS;
    return this.#queue.add(at, callback);
  }

  afterPoll(callback: () => void): void {
    this.#polls.push(callback);
  }

  /** Lets everything happen that is due before `end`. */
  async run(end: number): Promise<void> {
    for (let next; (next = this.#queue.take(end));) {
      this.events++;
      this.#now = next.at;
      next.happen();
      await this.#settle();
    }
    this.#now = end;
  }

  async #settle(): Promise<void> {
    await ticks();
    while (this.#polls.length > 0) {
      const round = this.#polls;
      this.#polls = [];
      for (const callback of round) callback();
      await ticks();
    }
  }
}

/**
 * Core hands a connection over one `process.nextTick` later, which no clock can stand in for. Node runs
 * promise jobs when no tick is left, so behind this await there is none.
 */
function ticks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
