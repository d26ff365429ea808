import { expect } from 'chai';
import { LineDeadlines } from '../src/line-deadlines.ts';
import { Line, Waiter } from '../src/line.ts';
import { FakeClock } from './support/fake-clock.ts';

/** A line whose deadlines run for a second, and who left it when. */
class Subject {
  readonly clock = new FakeClock();
  readonly line = new Line<object>();
  readonly expired: [name: string, at: number][] = [];
  readonly #begin = this.clock.now();
  readonly #names = new Map<Waiter<object>, string>();
  readonly deadlines = new LineDeadlines(this.clock, this.line, 1_000, (waiter) => {
    this.expired.push([this.#names.get(waiter) ?? '?', this.clock.now() - this.#begin]);
  });

  join(...names: string[]): Waiter<object>[] {
    return names.map((name) => {
      const waiter = new Waiter<object>(() => {}, this.clock.now(), false);
      this.#names.set(waiter, name);
      this.line.push(waiter);
      return waiter;
    });
  }
}

describe('the deadlines of the line', () => {
  it('run for as many as are attended to', async () => {
    const { clock, line, deadlines, expired, ...rest } = prepare('a', 'b', 'c');
    deadlines.arm(2);
    await clock.run(10_000);
    expect(expired).to.deep.equal([
      ['a', 1_000],
      ['b', 1_000],
    ]);
    expect(line.shift()).to.equal(rest.waiters[2]);
  });

  it('each run from the moment somebody began to attend to them', async () => {
    const { clock, deadlines, expired } = prepare('a', 'b');
    deadlines.arm(1);
    await clock.run(300);
    deadlines.arm(2);
    await clock.run(10_000);
    expect(expired).to.deep.equal([
      ['a', 1_000],
      ['b', 1_300],
    ]);
  });

  it('are not begun anew by being asked for again', async () => {
    const { clock, deadlines, expired } = prepare('a');
    for (let turn = 0; turn < 4; turn++) {
      deadlines.arm(1);
      await clock.run(300);
    }
    expect(expired).to.deep.equal([['a', 1_000]]);
  });

  it('are all on one timer', () => {
    const { clock, deadlines } = prepare('a', 'b', 'c');
    for (const count of [1, 2, 3]) deadlines.arm(count);
    expect(clock.pending('busy')).to.equal(1);
  });

  it('leave no timer when nobody is in line whose deadline runs', () => {
    const { clock, line, deadlines } = prepare('a', 'b');
    deadlines.arm(1);
    line.shift();
    deadlines.settle();
    expect(clock.pending('busy')).to.equal(0);
  });

  it('keep the timer while a deadline runs', () => {
    const { clock, line, deadlines } = prepare('a', 'b');
    deadlines.arm(2);
    line.shift();
    deadlines.settle();
    expect(clock.pending('busy')).to.equal(1);
  });

  it('stop for all behind the first ones', async () => {
    const { clock, deadlines, expired } = prepare('a', 'b', 'c');
    deadlines.arm(3);
    deadlines.disarmBehind(1);
    await clock.run(10_000);
    expect(expired).to.deep.equal([['a', 1_000]]);
    expect(clock.pending('busy')).to.equal(0);
  });

  it('leave no timer when all of them stop', () => {
    const { clock, deadlines } = prepare('a', 'b');
    deadlines.arm(2);
    deadlines.disarmBehind(0);
    expect(clock.pending('busy')).to.equal(0);
  });

  it('run for who joins after all others have expired', async () => {
    const { clock, deadlines, expired, join } = prepare('a');
    deadlines.arm(1);
    await clock.run(2_000);
    join('b');
    deadlines.arm(1);
    await clock.run(10_000);
    expect(expired).to.deep.equal([
      ['a', 1_000],
      ['b', 3_000],
    ]);
  });

  it('pass a millisecond early rather than on a timer of their own', async () => {
    const { clock, deadlines, expired } = prepare('a', 'b');
    deadlines.arm(1);
    await clock.run(1);
    deadlines.arm(2);
    await clock.run(10_000);
    expect(expired).to.deep.equal([
      ['a', 1_000],
      ['b', 1_000],
    ]);
  });

  it('look before they pass: who is called during the look does not expire', async () => {
    const { clock, line, deadlines, expired } = prepare('a', 'b');
    deadlines.arm(2);
    clock.arrive(() => line.shift());
    clock.advance(1_000);
    await clock.settle();
    expect(expired).to.deep.equal([['b', 1_000]]);
  });

  it('look before they pass: nothing is left to do when all are called', async () => {
    const { clock, line, deadlines, expired } = prepare('a');
    deadlines.arm(1);
    clock.arrive(() => {
      line.shift();
      deadlines.settle();
    });
    clock.advance(1_000);
    await clock.settle();
    expect(expired).to.deep.equal([]);
  });

  it('that were aimed anew during the look of an earlier timer pass at their own time', async () => {
    const { clock, line, deadlines, expired, join } = prepare('a');
    deadlines.arm(1);
    clock.arrive(() => {
      line.shift();
      deadlines.settle();
      join('b');
      deadlines.arm(1);
    });
    clock.advance(1_000);
    await clock.settle();
    expect(clock.pending('busy')).to.equal(1);
    await clock.run(10_000);
    expect(expired).to.deep.equal([['b', 2_000]]);
  });

  it('found late start over once', async () => {
    const { clock, deadlines, expired } = prepare('a');
    deadlines.arm(1);
    clock.freeze(5_000);
    await clock.settle();
    expect(expired).to.deep.equal([]);
    await clock.run(1_000);
    expect(expired).to.deep.equal([['a', 6_000]]);
  });

  it('found late a second time pass', async () => {
    const { clock, deadlines, expired } = prepare('a');
    deadlines.arm(1);
    clock.freeze(5_000);
    await clock.settle();
    clock.freeze(5_000);
    await clock.settle();
    expect(expired).to.deep.equal([['a', 10_000]]);
  });

  it('found late start over for those alone whose time was up', async () => {
    const { clock, deadlines, expired } = prepare('a', 'b');
    deadlines.arm(1);
    await clock.run(900);
    deadlines.arm(2);
    clock.freeze(500);
    await clock.run(10_000);
    expect(expired).to.deep.equal([
      ['b', 1_900],
      ['a', 2_400],
    ]);
  });

  it('found 100 ms late pass', async () => {
    const { clock, deadlines, expired } = prepare('a');
    deadlines.arm(1);
    clock.freeze(1_100);
    await clock.settle();
    expect(expired).to.deep.equal([['a', 1_100]]);
  });

  it('go on for who comes back into the line', async () => {
    const { clock, line, deadlines, expired } = prepare('a');
    deadlines.arm(1);
    await clock.run(400);
    const called = line.shift();
    deadlines.settle();
    line.putBack(called!);
    deadlines.resume();
    await clock.run(10_000);
    expect(expired).to.deep.equal([['a', 1_000]]);
  });

  it('need no timer for who comes back without one', () => {
    const { clock, line, deadlines } = prepare('a');
    line.putBack(line.shift()!);
    deadlines.resume();
    expect(clock.pending('busy')).to.equal(0);
  });
});

function prepare(...names: string[]): Subject & { waiters: Waiter<object>[] } {
  const subject = new Subject();
  const join = subject.join.bind(subject);
  return Object.assign(subject, { waiters: join(...names), join });
}
