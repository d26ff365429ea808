import { expect } from 'chai';
import { open } from './support/open.ts';

describe('leases that are held for longer than leakDetectionThreshold', () => {
  it('are reported once, with the stack that took them, and again when they end', async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string): void => void warnings.push(message) };
    const pool = open({ leakDetectionThreshold: '2s', logger });
    const borrow = (function whoForgetsIt() {
      return pool.ask();
    })();
    await pool.clock.settle();
    await pool.clock.run(1_999);
    expect(pool.events('leakSuspected')).to.have.length(0);
    await pool.clock.run(1);
    const [suspected] = pool.events('leakSuspected');
    expect(suspected).to.include({ heldMs: 2_000 });
    expect(suspected?.stack).to.match(/^\s+at .*whoForgetsIt/m);
    expect(warnings[0]).to.include('2000 ms (leakDetectionThreshold)').and.include('whoForgetsIt');
    await pool.clock.run(10_000);
    expect(pool.guard.stats()).to.include({ leaks: 1 });
    pool.gate.release(borrow.connection!);
    const [returned] = pool.events('leakReturned');
    expect(returned).to.include({ heldMs: 12_000, stack: suspected?.stack });
  });

  it('are each of a waiter, too, who gets the connection from somebody else', async () => {
    const pool = open({ leakDetectionThreshold: '2s' }, (driver) => (driver.size = 1));
    const first = pool.ask();
    await pool.clock.run(1_500);
    pool.ask();
    pool.gate.release(first.connection!);
    await pool.clock.run(1_999);
    expect(pool.events('leakSuspected')).to.have.length(0);
    await pool.clock.run(1);
    expect(pool.events('leakSuspected')).to.have.length(1);
  });

  it('are not reported when they end before, in whatever way', async () => {
    const pool = open({ leakDetectionThreshold: '2s' });
    const [released, dropped] = pool.askFor(2);
    await pool.clock.settle();
    pool.gate.release(released!.connection!);
    pool.driver.drop(dropped!.connection!);
    await pool.clock.run(60_000);
    expect(pool.events('leakSuspected')).to.deep.equal([]);
    expect(pool.events('leakReturned')).to.deep.equal([]);
    expect(pool.clock.pending('idle')).to.equal(0);
  });

  it('are not reported by default, nor once the guard has gone', async () => {
    for (const threshold of [undefined, '2s'] as const) {
      const pool = open(threshold ? { leakDetectionThreshold: threshold } : {});
      await pool.borrow();
      if (threshold) pool.gate.stop();
      await pool.clock.run(60_000);
      expect(pool.events('leakSuspected')).to.deep.equal([]);
    }
  });
});
