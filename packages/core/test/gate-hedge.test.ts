import { expect } from 'chai';
import type { FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';

/** A pool of `count` connections that are all silent, so that the next borrow pings. */
async function silent(count: number, size = 10): Promise<Subject> {
  const pool = open({ idleTimeout: 0, maxLifetime: 0 }, (driver) => (driver.size = size));
  await pool.fill(count);
  await pool.clock.run(10_000);
  for (const connection of pool.driver.all) connection.ping = 'hangs';
  return pool;
}

function answer(pool: Subject, connection: FakeConnection): void {
  for (const done of connection.asking) pool.driver.answer(connection, done);
}

describe('a ping that takes longer than usual', () => {
  it('has a dial tried beside it, whose connection the borrower gets', async () => {
    const pool = await silent(1);
    const borrow = pool.ask();
    await pool.clock.run(29);
    expect(borrow.answers).to.equal(0);
    await pool.clock.run(1);
    expect(borrow.connection).to.have.property('id', 2);
    expect(pool.guard.stats()).to.include({ pings: 1, opened: 2, validating: 0, total: 1 });
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-timeout': 1 });
  });

  it('is given as long as this pool needs for one', async () => {
    const pool = await silent(1);
    for (let times = 0; times < 100; times++) pool.guard.roster.usualPing.took(80);
    const borrow = pool.ask();
    await pool.clock.run(79);
    expect(pool.guard.stats()).to.include({ opened: 1 });
    await pool.clock.run(2);
    expect(borrow.connection).to.have.property('id', 2);
  });

  it('may still be answered, before the dial is', async () => {
    const pool = await silent(1);
    pool.driver.dials = 'hang';
    const borrow = pool.ask();
    await pool.clock.run(40);
    const [connection] = pool.driver.all;
    expect(pool.guard.stats()).to.include({ validating: 1, opening: 1 });
    answer(pool, connection!);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
    pool.driver.accept();
    await pool.clock.settle();
    expect(pool.guard.stats()).to.include({ total: 2, idle: 1, opening: 0, pending: 0 });
    expect(pool.guard.stats().closed).to.deep.equal({});
  });

  it('of a full pool costs the connection that has rested for longest', async () => {
    const pool = await silent(3, 3);
    const [recent, , oldest] = pool.driver.all;
    const borrow = pool.ask();
    await pool.clock.run(30);
    expect(borrow.connection).to.have.property('id', 4);
    expect(pool.driver.retired).to.deep.equal([oldest]);
    expect(pool.driver.discarded).to.deep.equal([recent]);
    expect(pool.guard.stats().closed).to.deep.equal({ hedged: 1, 'ping-timeout': 1 });
  });

  it('of a full pool where all are tried costs one of these, and never more before the dial', async () => {
    const pool = await silent(3, 3);
    pool.driver.dials = 'hang';
    const borrows = pool.askFor(5);
    await pool.clock.run(500);
    expect(pool.guard.stats()).to.include({ validating: 2, opening: 1, total: 3 });
    pool.driver.dials = 'succeed';
    pool.driver.accept();
    await pool.clock.settle();
    expect(borrows.filter(({ connection }) => connection).length).to.equal(3);
    expect(pool.guard.stats()).to.include({ total: 3, opened: 6 });
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-timeout': 3 });
  });

  it('has one dial tried at a time, until one is answered', async () => {
    const pool = await silent(4);
    pool.driver.dials = 'hang';
    pool.askFor(4);
    await pool.clock.run(500);
    expect(pool.driver.hanging.length).to.equal(1);
    pool.driver.accept();
    await pool.clock.settle();
    expect(pool.driver.hanging.length).to.equal(3);
  });

  it('to another address is not taken for lost because this one answers', async () => {
    const pool = await silent(2);
    pool.driver.born = { address: 'b:3306' };
    const borrow = pool.ask();
    await pool.clock.run(40);
    expect(borrow.connection).to.have.property('address', 'b:3306');
    expect(pool.guard.stats()).to.include({ validating: 1, idle: 1 });
    const [connection] = pool.driver.all;
    answer(pool, connection!);
    await pool.clock.settle();
    expect(pool.guard.stats()).to.include({ validating: 0, idle: 2 });
  });

  it('is waited for to its end where nobody else is to be served', async () => {
    const pool = await silent(1);
    void pool.guard.evictStale();
    await pool.clock.run(999);
    expect(pool.guard.stats()).to.include({ validating: 1, opened: 1 });
    await pool.clock.run(1);
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-timeout': 1 });
  });

  it('gives nothing up for a dial that must not be tried yet', async () => {
    const pool = await silent(2, 2);
    pool.driver.dials = 'fail';
    pool.driver.all[0]!.flaw = 'closed';
    pool.askFor(1);
    await pool.clock.run(60);
    const { total, closed } = pool.guard.stats();
    expect(closed).to.not.have.property('hedged');
    expect(total).to.equal(1);
  });

  it('leaves no timer behind', async () => {
    const pool = await silent(2);
    pool.askFor(2);
    await pool.clock.run(2_000);
    expect(pool.clock.pending('busy')).to.equal(0);
  });
});
