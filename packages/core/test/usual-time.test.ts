import { expect } from 'chai';
import { UsualTime } from '../src/usual-time.ts';

describe('the usual time', () => {
  it('is not known at first', () => {
    expect(new UsualTime().latestMs).to.equal(Infinity);
  });

  it('is at most the least that was guessed, until it is measured', () => {
    const time = new UsualTime();
    time.guess(1_000);
    time.guess(10);
    time.guess(100);
    expect(time.latestMs).to.equal(30);
    time.took(10);
    time.guess(1);
    expect(time.latestMs).to.be.within(20, 30);
  });

  it('narrows down to what it always is', () => {
    const time = new UsualTime();
    for (let times = 0; times < 50; times++) time.took(10);
    expect(time.latestMs).to.be.within(10, 10.1);
  });

  it('allows for what it sometimes is', () => {
    const time = new UsualTime();
    for (let times = 0; times < 50; times++) time.took(times % 2 ? 10 : 20);
    expect(time.latestMs).to.be.within(30, 40);
  });
});
