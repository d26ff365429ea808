import { expect } from 'chai';
import { afterLook, Looks } from '../src/looks.ts';
import { FakeClock } from './support/fake-clock.ts';

/** A clock that counts how often it is asked for a poll. */
class CountingClock extends FakeClock {
  asked = 0;

  override afterPoll(callback: () => void): void {
    this.asked++;
    super.afterPoll(callback);
  }
}

describe('a look', () => {
  it('ends after two polls', () => {
    const clock = new FakeClock();
    const seen: string[] = [];
    new Looks(clock).after(() => seen.push('a'));
    clock.poll();
    expect(seen).to.deep.equal([]);
    clock.poll();
    expect(seen).to.deep.equal(['a']);
  });

  it('sees what reached the kernel before it was asked for', () => {
    const clock = new FakeClock();
    const seen: string[] = [];
    clock.arrive(() => seen.push('goodbye'));
    new Looks(clock).after(() => seen.push('look'));
    clock.poll();
    clock.poll();
    expect(seen).to.deep.equal(['goodbye', 'look']);
  });

  it('is one for all who ask in the same turn, in their order', () => {
    const clock = new CountingClock();
    const looks = new Looks(clock);
    const seen: number[] = [];
    for (let asker = 0; asker < 100; asker++) looks.after(() => seen.push(asker));
    clock.poll();
    clock.poll();
    expect(clock.asked).to.equal(2);
    expect(seen).to.deep.equal(Array.from({ length: 100 }, (_, asker) => asker));
  });

  it('is another one for who asks between its two polls: he gets a whole poll', () => {
    const clock = new FakeClock();
    const looks = new Looks(clock);
    const seen: string[] = [];
    looks.after(() => seen.push('first'));
    clock.poll();
    looks.after(() => seen.push('second'));
    clock.arrive(() => seen.push('goodbye'));
    clock.poll();
    expect(seen).to.deep.equal(['goodbye', 'first']);
    clock.poll();
    expect(seen).to.deep.equal(['goodbye', 'first', 'second']);
  });

  it('may be asked for by who was just answered', () => {
    const clock = new FakeClock();
    const looks = new Looks(clock);
    const seen: string[] = [];
    looks.after(() => {
      seen.push('first');
      looks.after(() => seen.push('second'));
    });
    for (let poll = 0; poll < 4; poll++) clock.poll();
    expect(seen).to.deep.equal(['first', 'second']);
  });

  it('polls once more when its poll stood still: what came meanwhile is not read yet', () => {
    const clock = new FakeClock();
    const seen: string[] = [];
    new Looks(clock).after(() => seen.push('look'));
    clock.poll();
    clock.arrive(() => {
      clock.advance(1_000);
      clock.arrive(() => seen.push('goodbye'));
    });
    clock.poll();
    expect(seen).to.deep.equal([]);
    clock.poll();
    expect(seen).to.deep.equal(['goodbye', 'look']);
  });

  it('starts nothing while nobody asks', () => {
    const clock = new CountingClock();
    const looks = new Looks(clock);
    looks.after(() => {});
    for (let poll = 0; poll < 10; poll++) clock.poll();
    expect(clock.asked).to.equal(2);
  });
});

describe('after a look', () => {
  it('two polls have passed', () => {
    const clock = new FakeClock();
    let seen = false;
    afterLook(clock, () => (seen = true));
    clock.poll();
    expect(seen).to.equal(false);
    clock.poll();
    expect(seen).to.equal(true);
  });
});
