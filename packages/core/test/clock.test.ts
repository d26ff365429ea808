import { expect } from 'chai';
import { spy, useFakeTimers, type SinonFakeTimers } from 'sinon';
import { systemClock, type Clock } from '../src/clock.ts';
import { anotherCopy } from './support/another-copy.ts';

/** A clock of its own copy of the module, which took its timers and times from sinon's. */
async function clockOver(): Promise<Clock> {
  const copy = await anotherCopy<{ systemClock: typeof systemClock }>('clock');
  return copy.systemClock();
}

/** Awake by now, as a judgement finds it. */
const awake = (clock: Clock): number => clock.awake(clock.glance());

describe('the system clock', () => {
  let time: SinonFakeTimers;
  beforeEach(() => (time = useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout'] })));
  afterEach(() => time.restore());

  /** The wall clock is moved, by a person or by a sleep; the monotonic one is not. */
  function step(ms: number): void {
    time.setSystemTime(Date.now() + ms);
  }

  it('is awake for as long as it runs', async () => {
    const clock = await clockOver();
    const begin = clock.now();
    expect(awake(clock)).to.equal(begin);
    time.tick(5_000);
    expect(clock.now()).to.equal(begin + 5_000);
    expect(awake(clock)).to.equal(begin + 5_000);
  });

  it('adds the time that the machine slept', async () => {
    const clock = await clockOver();
    step(3_600_000);
    expect(awake(clock)).to.equal(clock.now() + 3_600_000);
    time.tick(1_000);
    expect(awake(clock)).to.equal(clock.now() + 3_600_000);
  });

  it('adds up several sleeps', async () => {
    const clock = await clockOver();
    step(5_000);
    clock.glance();
    step(7_000);
    expect(awake(clock)).to.equal(clock.now() + 12_000);
  });

  it('finds out that the machine slept when it judges, and knows of it from then on', async () => {
    const clock = await clockOver();
    step(5_000);
    const before = clock.now();
    expect(clock.awake(before)).to.equal(before);
    clock.glance();
    expect(clock.awake(before)).to.equal(before + 5_000);
  });

  it('keeps time however often it judges', async () => {
    const clock = await clockOver();
    const begin = clock.glance();
    for (let round = 1; round <= 300; round++) {
      time.tick(10);
      expect(clock.glance()).to.equal(begin + round * 10);
    }
  });

  for (const ms of [-3_600_000, -40, 40, 3_600_000]) {
    it(`is not led astray for long when the wall clock is moved by ${ms} ms as it judges`, async () => {
      const clock = await clockOver();
      let last = clock.glance();
      step(ms);
      for (let round = 0; round < 200; round++) {
        time.tick(10);
        const next = clock.glance();
        expect(next).to.be.within(last, clock.now() + 50);
        last = next;
      }
      expect(last).to.be.within(clock.now() - 1, clock.now() + 40);
    });
  }

  it('takes a second for drift', async () => {
    const clock = await clockOver();
    step(1_000);
    expect(awake(clock)).to.equal(clock.now());
    step(1);
    time.tick(1_000);
    expect(awake(clock)).to.equal(clock.now() + 1_001);
  });

  it('never goes back, when the wall clock does', async () => {
    const clock = await clockOver();
    step(-3_600_000);
    expect(awake(clock)).to.equal(clock.now());
    step(2_000);
    expect(awake(clock)).to.equal(clock.now() + 2_000);
  });
});

describe('the real timers', () => {
  it('call back after their time', async () => {
    const clock = systemClock();
    const begin = clock.now();
    await new Promise<void>((resolve) => clock.timer(5, resolve, 'busy'));
    expect(clock.now() - begin).to.be.at.least(4);
  });

  it('may be longer than a timer of Node can be', async () => {
    const clock = systemClock();
    const never = spy();
    const timer = clock.timer(2 ** 40, never, 'idle');
    await new Promise<void>((resolve) => clock.timer(5, resolve, 'busy'));
    timer.cancel();
    expect(never.called).to.equal(false);
  });

  it('can be called off', async () => {
    const clock = systemClock();
    const never = spy();
    clock.timer(1, never, 'busy').cancel();
    await new Promise<void>((resolve) => clock.timer(5, resolve, 'busy'));
    expect(never.called).to.equal(false);
  });

  it('of the idle kind keep no process alive, the others do', () => {
    const clock = systemClock();
    const alive = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = alive();
    const idle = clock.timer(60_000, () => {}, 'idle');
    expect(alive()).to.equal(before);
    const busy = clock.timer(60_000, () => {}, 'busy');
    expect(alive()).to.equal(before + 1);
    idle.cancel();
    busy.cancel();
    expect(alive()).to.equal(before);
  });

  it('are not reached by fake ones that an application installs later', async () => {
    const clock = systemClock();
    const time = useFakeTimers();
    try {
      await new Promise<void>((resolve) => clock.afterPoll(resolve));
      await new Promise<void>((resolve) => clock.timer(1, resolve, 'busy'));
      expect(clock.now()).to.be.greaterThan(0);
    } finally {
      time.restore();
    }
  });
});
