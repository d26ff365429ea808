import { expect } from 'chai';
import { ticks } from './support/fake-clock.ts';
import { driverError } from './support/fake-connection.ts';
import { open } from './support/open.ts';

describe('a connection that the application closes in the tick before its hand-over', () => {
  it('is not lent; the borrower gets a fresh one', async () => {
    const pool = open();
    const dead = await pool.fillOne();
    const borrow = pool.ask();
    pool.driver.drop(dead);
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
    expect(borrow.answers).to.equal(1);
    expect(pool.driver.told).not.to.include('lend 1');
    expect(pool.guard.stats()).to.deep.include({ lent: 1, total: 1, closed: { removed: 1 } });
  });

  it('leaves the borrower the first in line', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const dead = await pool.fillOne();
    pool.askFor(3);
    pool.driver.drop(dead);
    await pool.clock.settle();
    expect(pool.order).to.deep.equal(['1']);
    pool.gate.release(pool.driver.all[0]!);
    await pool.clock.settle();
    expect(pool.order).to.deep.equal(['1', '2']);
  });

  it('leaves a waiter who was called the first in line', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    pool.order.length = 0;
    const [first] = pool.askFor(2);
    pool.gate.release(lent);
    pool.driver.drop(lent);
    await pool.clock.settle();
    expect(first!.connection).to.have.property('id', 2);
    expect(pool.order).to.deep.equal(['2']);
  });

  it('may be a fresh one', async () => {
    const pool = open();
    const borrow = pool.ask();
    pool.clock.poll();
    pool.driver.drop(pool.driver.all[0]!);
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
  });

  it('leaves the borrower patient: one dial that fails is not the end', async () => {
    const pool = open();
    const dead = await pool.fillOne();
    const borrow = pool.ask();
    pool.driver.drop(dead);
    pool.driver.dials = 'fail';
    await pool.clock.settle();
    expect(borrow.answers).to.equal(0);
    pool.driver.dials = 'succeed';
    await pool.clock.run(25);
    expect(borrow.connection).to.equal(pool.driver.all[0]);
  });

  it('leaves the borrower a deadline', async () => {
    const pool = open();
    const dead = await pool.fillOne();
    const borrow = pool.ask();
    pool.driver.drop(dead);
    pool.driver.dials = 'hang';
    await pool.clock.run(10_000);
    expect(borrow.error).to.have.property('code', 'LIFEGUARD_CONNECTION_TIMEOUT');
  });

  it('leaves the borrower a deadline in an outage, too', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    pool.driver.dials = 'fail';
    const borrow = pool.ask();
    pool.gate.release(lent);
    pool.driver.drop(lent);
    await pool.clock.run(10_100);
    expect(borrow.error).to.have.property('code', 'LIFEGUARD_CONNECTION_TIMEOUT');
    expect(borrow.error!.cause).to.equal(pool.driver.dialError);
  });
});

describe('a connection whose flags change in the tick before its hand-over', () => {
  for (const flaw of ['closed', 'unclean'] as const) {
    it(`to ${flaw} is closed, and the borrower gets a fresh one`, async () => {
      const pool = open();
      const bad = await pool.fillOne();
      const borrow = pool.ask();
      bad.flaw = flaw;
      await pool.clock.settle();
      expect(borrow.connection).to.have.property('id', 2);
      expect(borrow.answers).to.equal(1);
      expect(pool.driver.discarded).to.deep.equal([bad]);
      expect(pool.guard.stats().closed).to.deep.equal({ [flaw]: 1 });
    });
  }

  it('may be spoiled by what an earlier lease had left to run', async () => {
    const pool = open();
    const bad = await pool.fillOne();
    const borrow = pool.ask();
    pool.guard.watch.failed(bad, driverError('gone', { errno: 4031 }));
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
    expect(pool.guard.stats().closed).to.deep.equal({ poisoned: 1 });
  });
});

describe('a connection dropped by the driver', () => {
  it('while it is idle is forgotten', async () => {
    const pool = open();
    const dead = await pool.fillOne();
    pool.driver.drop(dead);
    expect(pool.guard.stats()).to.include({ total: 0, idle: 0 });
    expect(pool.guard.stats().closed).to.deep.equal({ removed: 1 });
  });

  it('while it is lent makes room for who waits', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const borrow = pool.ask();
    pool.driver.drop(lent);
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
  });

  it('while it is lent makes room for who waits beside a dial', async () => {
    const pool = open({}, (driver) => (driver.size = 2));
    const lent = await pool.borrow();
    pool.driver.dials = 'hang';
    pool.askFor(2);
    expect(pool.guard.stats()).to.include({ opening: 1, pending: 2 });
    pool.driver.drop(lent);
    expect(pool.guard.stats()).to.include({ opening: 2, pending: 2 });
  });

  for (const [by, ms] of [
    ['looked at', 1_000],
    ['pinged', 10_000],
  ] as const) {
    it(`while it is ${by} makes room for who waits`, async () => {
      const pool = open({}, (driver) => (driver.size = 1));
      const dead = await pool.fillOne();
      dead.ping = 'hangs';
      pool.clock.advance(ms);
      const borrow = pool.ask();
      if (by === 'pinged') {
        pool.clock.poll();
        pool.clock.poll();
      }
      pool.driver.drop(dead);
      expect(pool.guard.stats()).to.include({ lent: 0, validating: 0, opening: 1 });
      await pool.clock.settle();
      expect(borrow.connection).to.have.property('id', 2);
      await pool.clock.run(2_000);
      expect(pool.guard.stats()).to.include({ total: 1, lent: 1 });
      expect(pool.guard.stats().closed).to.deep.equal({ removed: 1 });
    });
  }

  it('that was never known changes nothing', async () => {
    const pool = open();
    const stranger = pool.driver.adopt('lent');
    pool.driver.drop(stranger);
    expect(pool.guard.stats()).to.deep.include({ total: 0, closed: {} });
  });

  it('counts as closed by the other side when that had hung up', async () => {
    const pool = open();
    const [first, second] = await pool.fill(2);
    first!.hungUp = true;
    second!.bytes += 9;
    pool.driver.drop(first!);
    pool.driver.drop(second!);
    expect(pool.guard.stats().closed).to.deep.equal({ closed: 2 });
  });

  it('counts once', async () => {
    const pool = open();
    const dead = await pool.fillOne();
    dead.flaw = 'closed';
    await pool.borrow();
    pool.gate.removed(dead);
    await ticks();
    expect(pool.guard.stats().closed).to.deep.equal({ closed: 1 });
    expect(pool.events('closed')).to.have.length(1);
  });
});

describe('a process that stands still between the decision and the hand-over', () => {
  it('looks at the connection then, and lends it if it is alive', async () => {
    const pool = open();
    const idle = await pool.fillOne();
    const borrow = pool.ask();
    pool.clock.advance(500);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(idle);
    expect(pool.guard.stats()).to.include({ looks: 1, pings: 0, opened: 1, lent: 1 });
  });

  it('gives the borrower, the first in line, another one if the server has closed it', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const idle = await pool.fillOne();
    const [first] = pool.askFor(2);
    pool.driver.kill(idle);
    pool.clock.advance(4_000);
    await pool.clock.settle();
    expect(first!.connection).to.have.property('id', 2);
    expect(pool.order).to.deep.equal(['1']);
    expect(pool.guard.stats().closed).to.deep.equal({ closed: 1 });
  });

  it('does the same where a waiter gets what was just released', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const waiter = pool.ask();
    pool.gate.release(lent);
    pool.driver.kill(lent);
    pool.clock.advance(4_000);
    await pool.clock.settle();
    expect(waiter.connection).to.have.property('id', 2);
  });

  it('does nothing of the kind after a shorter while', async () => {
    const pool = open();
    const idle = await pool.fillOne();
    const borrow = pool.ask();
    pool.clock.advance(499);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(idle);
    expect(pool.guard.stats()).to.include({ looks: 0 });
  });
});
