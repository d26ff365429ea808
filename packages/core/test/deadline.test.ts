import { expect } from 'chai';
import { deadline } from '../src/deadline.ts';
import { FakeClock } from './support/fake-clock.ts';

/** A deadline of a second, which notes when it expired. */
function start(clock: FakeClock): { expired: number[]; cancel(): void } {
  const began = clock.now();
  const expired: number[] = [];
  const timer = deadline(clock, 1_000, () => expired.push(clock.now() - began));
  return { expired, cancel: () => timer.cancel() };
}

describe('a deadline', () => {
  it('does not pass before its time', async () => {
    const clock = new FakeClock();
    const { expired } = start(clock);
    await clock.run(999);
    expect(expired).to.deep.equal([]);
  });

  it('passes once at its time', async () => {
    const clock = new FakeClock();
    const { expired } = start(clock);
    await clock.run(10_000);
    expect(expired).to.deep.equal([1_000]);
  });

  it('looks first: it passes two polls after its timer', () => {
    const clock = new FakeClock();
    const { expired } = start(clock);
    clock.advance(1_000);
    expect(expired).to.be.empty;
    clock.poll();
    expect(expired).to.be.empty;
    clock.poll();
    expect(expired).to.have.length(1);
  });

  it('does not pass when the answer lay in the kernel already', async () => {
    const clock = new FakeClock();
    const { expired, cancel } = start(clock);
    clock.arrive(cancel);
    clock.advance(1_000);
    await clock.settle();
    expect(expired).to.be.empty;
  });

  for (const polls of [0, 1]) {
    it(`can be called off ${polls} polls after its timer`, async () => {
      const clock = new FakeClock();
      const { expired, cancel } = start(clock);
      clock.advance(1_000);
      for (let poll = 0; poll < polls; poll++) clock.poll();
      cancel();
      await clock.settle();
      expect(expired).to.be.empty;
    });
  }

  it('leaves no timer when it is called off', () => {
    const clock = new FakeClock();
    const { cancel } = start(clock);
    expect(clock.pending('busy')).to.equal(1);
    cancel();
    expect(clock.pending('busy')).to.equal(0);
  });

  it('that is 100 ms late passes', async () => {
    const clock = new FakeClock();
    const { expired } = start(clock);
    clock.freeze(1_100);
    await clock.settle();
    expect(expired).to.deep.equal([1_100]);
  });

  it('that is later than that starts over', async () => {
    const clock = new FakeClock();
    const { expired } = start(clock);
    clock.freeze(1_101);
    await clock.settle();
    expect(expired).to.be.empty;
    await clock.run(1_000);
    expect(expired).to.deep.equal([2_101]);
  });

  it('starts over once only', async () => {
    const clock = new FakeClock();
    const { expired } = start(clock);
    clock.freeze(60_000);
    clock.freeze(60_000);
    await clock.settle();
    expect(expired).to.deep.equal([120_000]);
  });

  it('can be called off after it started over', async () => {
    const clock = new FakeClock();
    const { expired, cancel } = start(clock);
    clock.freeze(60_000);
    cancel();
    expect(clock.pending('busy')).to.equal(0);
    await clock.run(60_000);
    expect(expired).to.be.empty;
  });

  it('does not start over because the machine slept: it measures the monotonic clock', async () => {
    const clock = new FakeClock();
    const { expired } = start(clock);
    clock.suspend(3_600_000);
    await clock.run(1_000);
    expect(expired).to.deep.equal([1_000]);
  });
});
