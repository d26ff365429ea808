import { expect } from 'chai';
import * as fc from 'fast-check';
import { LineDeadlines } from '../src/line-deadlines.ts';
import { Line, Waiter } from '../src/line.ts';
import { holds } from './support/holds.ts';
import { FakeClock } from './support/fake-clock.ts';

const TIMEOUT_MS = 1_000;
/** What fires later than this is given its time again, once. */
const LATE_MS = 100;

/** What is known of one in line: when his time is up, and whether it was given to him again. */
interface Known {
  armedAt: number | undefined;
  pardoned: boolean;
}

/** A line with deadlines, and beside it an array that says when each must leave. */
class Subject {
  readonly clock = new FakeClock();
  readonly line = new Line<object>();
  readonly model: Waiter<object>[] = [];
  readonly known = new Map<Waiter<object>, Known>();
  readonly expired: [waiter: Waiter<object>, at: number][] = [];
  readonly deadlines = new LineDeadlines(this.clock, this.line, TIMEOUT_MS, (waiter) => {
    this.expired.push([waiter, this.clock.now()]);
  });

  join(): void {
    const waiter = new Waiter<object>(() => {}, this.clock.now(), false);
    this.line.push(waiter);
    this.model.push(waiter);
    this.known.set(waiter, { armedAt: undefined, pardoned: false });
  }

  of(waiter: Waiter<object>): Known {
    return this.known.get(waiter)!;
  }

  /** Starts those of the first in line whose own does not run yet, until as many run. */
  arm(most: number): void {
    const count = Math.min(most, this.model.length);
    this.deadlines.arm(count);
    for (const waiter of this.model) {
      const known = this.of(waiter);
      if (this.running() < count) known.armedAt ??= this.clock.now();
    }
  }

  running(): number {
    return this.model.filter((waiter) => this.of(waiter).armedAt !== undefined).length;
  }

  disarmBehind(count: number): void {
    this.deadlines.disarmBehind(count);
    for (const waiter of this.model.slice(count)) this.of(waiter).armedAt = undefined;
  }

  /** The one at that place gets what he waits for. */
  serve(place: number): void {
    const [waiter] = this.model.splice(place, 1);
    if (!waiter) return;
    this.line.remove(waiter);
    this.deadlines.settle();
  }

  /** The first one is called, and comes back before the process has done anything else. */
  callInVain(): void {
    const waiter = this.line.shift();
    this.deadlines.settle();
    if (waiter) this.line.putBack(waiter);
    this.deadlines.resume();
  }

  async run(ms: number): Promise<void> {
    await this.clock.run(ms);
    this.#check(() => false);
  }

  /** The process stands still: then whose time was up long ago is given it again, once. */
  async freeze(ms: number): Promise<void> {
    this.clock.freeze(ms);
    const now = this.clock.now();
    await this.clock.settle();
    this.#check((waiter) => {
      const known = this.of(waiter);
      const lateMs = now - (known.armedAt ?? now) - TIMEOUT_MS;
      const isPardoned = waiter.pardoned && !known.pardoned;
      if (isPardoned) Object.assign(known, { armedAt: now, pardoned: true });
      // The one timer may have been meant for an earlier one, who is gone.
      expect(isPardoned).to.equal(isPardoned ? lateMs >= -1 : false);
      return isPardoned || (!known.pardoned && lateMs > LATE_MS);
    });
  }

  /** `mayStay`: though his time was up. */
  #check(mayStay: (waiter: Waiter<object>) => boolean): void {
    const left = this.expired.splice(0);
    for (const [waiter, at] of left) {
      const { armedAt = Infinity } = this.of(waiter);
      expect(at, 'nobody leaves before his time').to.be.at.least(armedAt + TIMEOUT_MS - 1);
      this.model.splice(this.model.indexOf(waiter), 1);
    }
    for (const waiter of this.model) {
      if (mayStay(waiter)) expect(waiter.pardoned, 'he is given his time again').to.equal(true);
      const { armedAt = Infinity } = this.of(waiter);
      expect(armedAt + TIMEOUT_MS, 'nobody stays behind his time').to.be.above(this.clock.now());
    }
    expect([...this.line]).to.deep.equal(this.model);
    expect(this.line.armed).to.equal(this.running());
    expect(this.clock.pending('busy')).to.equal(this.running() > 0 ? 1 : 0);
  }
}

const STEPS: Record<string, (subject: Subject, size: number) => unknown> = {
  joins: (subject) => subject.join(),
  'is attended to': (subject, size) => subject.arm(size % 8),
  'is attended to no more': (subject, size) => subject.disarmBehind(size % 8),
  'is served': (subject) => subject.serve(0),
  leaves: (subject, size) => subject.serve(size % 8),
  'is called in vain': (subject) => subject.callInVain(),
  'waits a moment': (subject, size) => subject.run(size % 300),
  waits: (subject, size) => subject.run(size),
  'stands still for a moment': (subject, size) => subject.freeze(size % 300),
  'stands still': (subject, size) => subject.freeze(size * 2),
};

const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(STEPS), 'joins'), fc.nat(2_000)), {
  maxLength: 40,
  size: 'max',
});

describe('the deadlines of the line, whatever happens to it', () => {
  holds(
    'pass at their time: not before, not later, and later only once, for a process that stood still',
    300,
    fc.asyncProperty(steps, async (all) => {
      const subject = new Subject();
      for (const [name, size] of all) await STEPS[name]?.(subject, size);
      await subject.run(TIMEOUT_MS);
      expect(subject.running(), 'all have left whose deadline ran').to.equal(0);
    }),
  );
});
