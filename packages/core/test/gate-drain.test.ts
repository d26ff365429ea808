import { expect } from 'chai';
import type { FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';

/** A pool of one connection, released while its command still runs. */
async function released(): Promise<{ pool: Subject; connection: FakeConnection }> {
  const pool = open({}, (driver) => (driver.size = 1));
  const connection = await pool.borrow();
  connection.busy = true;
  connection.ping = 'hangs';
  pool.gate.release(connection);
  pool.driver.told.length = 0;
  return { pool, connection };
}

/** The command ends, and the ping that stood behind it is answered. */
function finish(pool: Subject, connection: FakeConnection): void {
  connection.busy = false;
  for (const done of connection.asking) pool.driver.answer(connection, done);
}

describe('a connection released while a command runs', () => {
  it('goes to the idle ones', async () => {
    const { pool, connection } = await released();
    expect(pool.driver.free).to.deep.equal([connection]);
  });

  it('is not lent before the command has ended', async () => {
    const { pool, connection } = await released();
    const borrow = pool.ask();
    await pool.clock.run(5_000);
    expect(borrow.answers).to.equal(0);
    finish(pool, connection);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
    expect(pool.guard.stats().total).to.equal(1);
  });

  it('is lent at once when the command has ended by then', async () => {
    const { pool, connection } = await released();
    finish(pool, connection);
    expect(await pool.borrow()).to.equal(connection);
    expect(pool.guard.stats()).to.include({ used: 1, looks: 0, pings: 0 });
  });

  it('is lent without a ping when the command ends in the same moment', async () => {
    const { pool, connection } = await released();
    const borrow = pool.ask();
    connection.busy = false;
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
    expect(connection.asking.size).to.equal(0);
  });

  it('is told as acquired once', async () => {
    const { pool, connection } = await released();
    pool.ask();
    await pool.clock.settle();
    finish(pool, connection);
    await pool.clock.settle();
    expect(pool.driver.told).to.deep.equal(['acquire 1', 'lend 1']);
  });

  it('goes back in silence when nobody waits for it any more', async () => {
    const { pool, connection } = await released();
    pool.ask();
    await pool.clock.settle();
    pool.gate.stop();
    finish(pool, connection);
    await pool.clock.settle();
    expect(pool.driver.free).to.deep.equal([connection]);
    expect(pool.driver.told).to.deep.equal([]);
  });

  it('is closed when the command ends in an error of the connection', async () => {
    const { pool, connection } = await released();
    pool.driver.size = 2;
    const borrow = pool.ask();
    await pool.clock.settle();
    const [done] = connection.asking;
    done!(new Error('lost'));
    await pool.clock.settle();
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-failed': 1 });
    expect(borrow.connection).to.have.property('id', 2);
  });

  it('is closed when its time has come meanwhile', async () => {
    const { pool, connection } = await released();
    const borrow = pool.ask();
    await pool.clock.settle();
    pool.guard.evictAll();
    finish(pool, connection);
    await pool.clock.settle();
    expect(pool.guard.stats().closed).to.deep.equal({ generation: 1 });
    expect(borrow.connection).to.have.property('id', 2);
  });

  it('may be dropped by the driver meanwhile: its ping is nobody’s business then', async () => {
    const { pool, connection } = await released();
    const borrow = pool.ask();
    await pool.clock.settle();
    const [done] = connection.asking;
    pool.driver.drop(connection);
    done!(null);
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
    expect(pool.guard.stats()).to.include({ total: 1, lent: 1 });
  });

  it('may be dropped by the driver in the same moment', async () => {
    const { pool, connection } = await released();
    const borrow = pool.ask();
    pool.driver.drop(connection);
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
    expect(connection.asking.size).to.equal(0);
  });

  it('whose command was the last word of the server is closed', async () => {
    const { pool, connection } = await released();
    const borrow = pool.ask();
    await pool.clock.settle();
    connection.flaw = 'unclean';
    connection.busy = false;
    const [done] = connection.asking;
    done!(null);
    await pool.clock.settle();
    expect(pool.guard.stats().closed).to.deep.equal({ unclean: 1 });
    expect(borrow.connection).to.have.property('id', 2);
  });

  it('goes to who waits only when it has ended', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const connection = await pool.borrow();
    const borrow = pool.ask();
    Object.assign(connection, { busy: true, ping: 'hangs' });
    pool.gate.release(connection);
    await pool.clock.settle();
    expect(borrow.answers).to.equal(0);
    finish(pool, connection);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
  });

  it('is judged by the answer that comes a tick later: looked at, not pinged', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const connection = await pool.borrow();
    const borrow = pool.ask();
    await pool.clock.run(30_000);
    connection.busy = true;
    process.nextTick(() => pool.driver.finish(connection));
    pool.gate.release(connection);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
    expect(pool.guard.stats()).to.include({ looks: 1, pings: 0 });
  });

  it('is found by evictStale() as well, and stays', async () => {
    const { pool, connection } = await released();
    const found = pool.guard.evictStale();
    await pool.clock.settle();
    expect(await found).to.deep.equal({ checked: 1, evicted: 0 });
    const borrow = pool.ask();
    finish(pool, connection);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
  });

  it('keeps nobody waiting where another one can be opened', async () => {
    const { pool } = await released();
    pool.driver.size = 2;
    expect(await pool.borrow()).to.have.property('id', 2);
  });
});
