import type { Clock, Timer } from '../../src/clock.ts';

interface Pending {
  readonly due: number;
  readonly kind: 'busy' | 'idle';
  readonly callback: () => void;
}

/**
 * Time and event loop that stand still until a test moves them. What the "network" delivers is
 * read at the beginning of a poll, before the callbacks of `afterPoll`, as in the real loop.
 */
export class FakeClock implements Clock {
  #now = 1_000_000;
  #asleep = 0;
  /** How much of that was seen by who last read the wall clock. */
  #noticed = 0;
  readonly #timers = new Set<Pending>();
  #polls: (() => void)[] = [];
  #arrivals: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  glance(): number {
    this.#noticed = this.#asleep;
    return this.#now;
  }

  awake(moment: number): number {
    return moment + this.#noticed;
  }

  timer(ms: number, callback: () => void, kind: 'busy' | 'idle'): Timer {
    const pending = { due: this.#now + ms, kind, callback };
    this.#timers.add(pending);
    return { cancel: () => void this.#timers.delete(pending) };
  }

  afterPoll(callback: () => void): void {
    this.#polls.push(callback);
  }

  /** Timers that have neither fired nor been called off. */
  pending(kind: 'busy' | 'idle'): number {
    return [...this.#timers].filter((timer) => timer.kind === kind).length;
  }

  /** When the timers of that kind are due, seen from now. */
  dueIn(kind: 'busy' | 'idle'): number[] {
    const due = [...this.#timers].filter((timer) => timer.kind === kind);
    return due.map((timer) => timer.due - this.#now);
  }

  /** Time passes and timers fire at their time; the loop does not poll. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#first(end); timer; timer = this.#first(end)) {
      this.#now = Math.max(this.#now, timer.due);
      this.#fire(timer);
    }
    this.#now = end;
  }

  /** The process stands still for so long; then its overdue timers fire, late. */
  freeze(ms: number): void {
    this.#now += ms;
    const end = this.#now;
    for (let timer = this.#first(end); timer; timer = this.#first(end)) this.#fire(timer);
  }

  /** The machine sleeps: the wall clock goes on, the monotonic one does not. */
  suspend(ms: number): void {
    this.#asleep += ms;
  }

  /** Something reaches this machine's kernel: it is read at the next poll. */
  arrive(callback: () => void): void {
    this.#arrivals.push(callback);
  }

  /** One poll phase: what arrived is read, then those are called who asked before. */
  poll(): void {
    const arrived = this.#arrivals;
    const asked = this.#polls;
    this.#arrivals = [];
    this.#polls = [];
    for (const callback of [...arrived, ...asked]) callback();
  }

  /** Lets the process run until it only waits for time or for its peers. */
  async settle(): Promise<void> {
    await ticks();
    while (this.#polls.length > 0 || this.#arrivals.length > 0) {
      this.poll();
      await ticks();
    }
  }

  /** Time passes for a process whose loop is free. */
  async run(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let timer = this.#first(end); timer; timer = this.#first(end)) {
      this.#now = Math.max(this.#now, timer.due);
      this.#fire(timer);
      await this.settle();
    }
    this.#now = end;
  }

  #first(until: number): Pending | undefined {
    let first: Pending | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= until && (!first || timer.due < first.due)) first = timer;
    }
    return first;
  }

  #fire(timer: Pending): void {
    this.#timers.delete(timer);
    timer.callback();
  }
}

/** Lets the tick queue and the promise jobs run empty. */
export function ticks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
