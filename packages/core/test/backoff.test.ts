import { expect } from 'chai';
import { Backoff } from '../src/backoff.ts';

function pauses(backoff: Backoff, count: number): number[] {
  return Array.from({ length: count }, () => backoff.next());
}

describe('the pause after a failed dial', () => {
  it('doubles from 25 ms up to 250 ms', () => {
    expect(pauses(new Backoff(() => 0), 6)).to.deep.equal([25, 50, 100, 200, 250, 250]);
  });

  it('is never shorter than half of that, and its longest is as long for all', () => {
    const shortest = pauses(new Backoff(() => 1), 6);
    expect(shortest).to.deep.equal([12.5, 25, 50, 100, 250, 250]);
  });

  it('lies between the two, by chance, when nothing else is said', () => {
    for (let round = 0; round < 100; round++) {
      const [first, second] = pauses(new Backoff(), 2);
      expect(first).to.be.within(12.5, 25);
      expect(second).to.be.within(25, 50);
    }
  });

  it('stays at its longest for as long as it fails', () => {
    const last = pauses(new Backoff(() => 0), 5_000).at(-1);
    expect(last).to.equal(250);
  });

  it('begins anew after a success', () => {
    const backoff = new Backoff(() => 0);
    pauses(backoff, 4);
    backoff.succeeded();
    expect(pauses(backoff, 2)).to.deep.equal([25, 50]);
  });

  it('says whether the last dial failed', () => {
    const backoff = new Backoff();
    expect(backoff.failing).to.equal(false);
    backoff.next();
    expect(backoff.failing).to.equal(true);
    backoff.succeeded();
    expect(backoff.failing).to.equal(false);
  });
});
