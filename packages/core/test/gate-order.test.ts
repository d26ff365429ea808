import { expect } from 'chai';
import { Waiter } from '../src/line.ts';
import { open, type Subject } from './support/open.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));

describe('borrowers', () => {
  it('are answered first in, first out, by releases', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const borrows = pool.askFor(100);
    for (let turn = 0; turn < 100; turn++) {
      await pool.clock.settle();
      pool.gate.release(borrows[turn]!.connection!);
    }
    expect(pool.order).to.deep.equal(names(100));
  });

  it('are answered first in, first out, by dials, whoever caused them', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    pool.askFor(3);
    const [first, second, third] = [...pool.driver.hanging];
    for (const dial of [third, first, second]) pool.driver.accept(dial);
    await pool.clock.settle();
    expect(pool.order).to.deep.equal(names(3));
  });

  it('are answered first in, first out, by validations of unequal length', async () => {
    const pool = await filled(3);
    pool.clock.advance(10_000);
    pool.driver.free.at(-1)!.ping = 'hangs';
    pool.askFor(3);
    await pool.clock.settle();
    expect(pool.order).to.deep.equal(names(2));
    await pool.clock.run(2_000);
    expect(pool.order).to.deep.equal(names(3));
  });

  it('are answered by a release before a dial that is still under way', async () => {
    const pool = open();
    const lent = await pool.borrow();
    pool.driver.dials = 'hang';
    const [waiting, next] = pool.askFor(2);
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(waiting!.connection).to.equal(lent);
    pool.driver.accept();
    await pool.clock.settle();
    expect(next!.connection).to.equal(pool.driver.all[1]);
  });

  it('leave a dial to the idle ones when nobody is left who wants it', async () => {
    const pool = open();
    const lent = await pool.borrow();
    pool.driver.dials = 'hang';
    pool.ask();
    pool.gate.release(lent);
    pool.driver.accept();
    await pool.clock.settle();
    expect(pool.driver.free).to.deep.equal([pool.driver.all[1]]);
    expect(pool.driver.told.at(-1)).to.equal('lend 1');
    expect(pool.driver.told).to.include('release 2');
  });

  it('of 300 queries on 10 connections are all answered, in order', async () => {
    const pool = open();
    const borrows = pool.askFor(300);
    await pool.clock.settle();
    for (const borrow of borrows) {
      pool.gate.release(borrow.connection!);
      await pool.clock.settle();
    }
    expect(pool.order).to.deep.equal(names(300));
    expect(pool.guard.stats()).to.include({ total: 10, idle: 10, opened: 10, timeouts: 0 });
  });

  it('may join the line from outside, as those who stood in the pool’s own', async () => {
    const pool = open({}, (driver) => Object.assign(driver, { size: 1, refusal: new Error('no') }));
    const lent = await pool.borrow();
    const seen: unknown[] = [];
    const deliver = (error: Error | null, connection?: object): void => {
      seen.push(error ?? connection);
    };
    pool.gate.join(new Waiter(deliver, pool.clock.now(), false));
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(seen).to.deep.equal([lent]);
  });
});

describe('a borrower who throws', () => {
  /** Lets the borrower's error come out, as an application would see it. */
  async function uncaught(act: () => Promise<void>): Promise<unknown[]> {
    const others = process.listeners('uncaughtException');
    const errors: unknown[] = [];
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => errors.push(error));
    try {
      await act();
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const other of others) process.on('uncaughtException', other);
    }
    return errors;
  }

  for (const [where, fill] of [
    ['at once', 1],
    ['after he stood in line', 0],
  ] as const) {
    it(`harms nobody else: ${where}`, async () => {
      const pool = await filled(fill);
      const mistake = new Error('my own mistake');
      const errors = await uncaught(async () => {
        pool.gate.borrow(() => {
          throw mistake;
        });
        pool.askFor(3);
        await pool.clock.settle();
      });
      expect(errors).to.deep.equal([mistake]);
      expect(pool.order).to.deep.equal(names(3));
      expect(pool.guard.stats()).to.include({ lent: 4, validating: 0, opening: 0, pending: 0 });
    });
  }
});

async function filled(count: number): Promise<Subject> {
  const pool = open();
  await pool.fill(count);
  return pool;
}
