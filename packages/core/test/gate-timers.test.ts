import { expect } from 'chai';
import type { LifeguardOptions } from '../src/options.ts';
import { open, type Subject } from './support/open.ts';

/** Ways to come to an end at which nobody waits any more. */
const ENDS: Record<string, (pool: Subject) => Promise<void>> = {
  'an idle pool': async (pool) => void (await pool.fill(3)),
  'a borrow at once': async (pool) => {
    await pool.fill(1);
    await pool.borrow();
  },
  'a look': async (pool) => {
    await pool.fill(1);
    pool.clock.advance(1_000);
    await pool.borrow();
  },
  'a ping': async (pool) => {
    await pool.fill(1);
    pool.clock.advance(10_000);
    await pool.borrow();
  },
  'a ping that was not answered': async (pool) => {
    const idle = await pool.fillOne();
    idle.ping = 'hangs';
    pool.clock.advance(10_000);
    const borrow = pool.ask();
    await pool.clock.run(1_000);
    expect(borrow.answers).to.equal(1);
  },
  'a line that was served': async (pool) => {
    pool.driver.size = 1;
    const borrows = pool.askFor(5);
    for (const borrow of borrows) {
      await pool.clock.settle();
      pool.gate.release(borrow.connection!);
    }
  },
  'a dead connection before a good one': async (pool) => {
    const [dead] = await pool.fill(2);
    dead!.flaw = 'closed';
    await pool.borrow();
  },
  'a dead connection before a fresh one': async (pool) => {
    const dead = await pool.fillOne();
    dead.flaw = 'closed';
    await pool.borrow();
  },
  'a connection that died at its hand-over': async (pool) => {
    const dead = await pool.fillOne();
    pool.ask();
    pool.driver.drop(dead);
    await pool.clock.settle();
  },
  'an outage that ended': async (pool) => {
    pool.driver.dials = 'fail';
    pool.askFor(3);
    await pool.clock.run(500);
    pool.driver.dials = 'succeed';
    await pool.clock.run(1_000);
    expect(pool.order).to.have.length(3);
  },
  'an outage in which all gave up': async (pool) => {
    pool.driver.dials = 'fail';
    pool.askFor(3);
    await pool.clock.run(11_000);
    expect(pool.order).to.have.length(3);
  },
  'a dial that nobody wants any more': async (pool) => {
    const lent = await pool.borrow();
    pool.ask();
    pool.gate.release(lent);
    await pool.clock.settle();
  },
  'a validation that nobody asked for': async (pool) => {
    await pool.fill(3);
    pool.clock.advance(10_000);
    void pool.guard.evictStale();
    await pool.clock.settle();
  },
  'a limit that was read': async (pool) => {
    pool.driver.born = { waitTimeout: 3_600_000 };
    await pool.fill(3);
  },
};

const WAYS: Record<string, LifeguardOptions> = {
  'as it comes': {},
  'with a connectionTimeout of the user': { connectionTimeout: '10s' },
};

describe('no timer keeps the process alive', () => {
  for (const [way, options] of Object.entries(WAYS)) {
    for (const [end, reach] of Object.entries(ENDS)) {
      it(`after ${end}, ${way}`, async () => {
        const pool = open(options);
        await reach(pool);
        expect(pool.guard.stats().pending).to.equal(0);
        expect(pool.clock.pending('busy')).to.equal(0);
      });
    }
  }
});
