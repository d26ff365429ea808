import { expect } from 'chai';
import { FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';

/** A connection that the pool has opened by itself. */
function opened(pool: Subject): FakeConnection {
  const connection = new FakeConnection(100);
  pool.driver.all.push(connection);
  return connection;
}

describe('dials that the pool makes by itself', () => {
  it('are attempts for who waits, so that he needs no dial of his own', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    const dial = pool.guard.gate.poolOpens();
    const borrow = pool.ask();
    pool.ask();
    expect(pool.driver.hanging).to.have.length(1);
    expect(pool.guard.stats().opening).to.equal(2);
    const connection = opened(pool);
    dial.ended(connection);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
    expect(pool.guard.stats()).to.include({ opening: 1, opened: 1, pending: 1 });
  });

  it('that nobody waits for end among the idle connections', () => {
    const pool = open();
    const dial = pool.guard.gate.poolOpens();
    const connection = opened(pool);
    pool.clock.advance(20);
    dial.ended(connection);
    expect(pool.driver.free).to.deep.equal([connection]);
    expect(pool.events('opened')[0]).to.include({ durationMs: 20 });
    expect(pool.guard.stats()).to.include({ opening: 0, opened: 1 });
  });

  it('tell how long a ping takes, unless they are heard of only when they are over', () => {
    const pool = open();
    const { gate, roster } = pool.guard;
    gate.poolOpens().ended(opened(pool));
    expect(roster.usualPing.latestMs).to.equal(Infinity);
    const dial = gate.poolOpens();
    pool.clock.advance(60);
    dial.ended(opened(pool));
    expect(roster.usualPing.latestMs).to.equal(60);
  });

  it('make room for another attempt when they fail, though they go on', async () => {
    const pool = open();
    const dial = pool.guard.gate.poolOpens();
    const borrow = pool.ask();
    expect(pool.guard.stats()).to.include({ opening: 1, pending: 1 });
    dial.failed();
    await pool.clock.settle();
    expect(borrow.connection).to.equal(pool.driver.all[0]);
    expect(pool.guard.stats().opening).to.equal(1);
    dial.ended();
    expect(pool.guard.stats().opening).to.equal(0);
  });

  it('are not waited for longer than a validation may take', async () => {
    const pool = open({ validationTimeout: 500 });
    pool.guard.gate.poolOpens();
    const borrow = pool.ask();
    await pool.clock.run(600);
    expect(borrow.connection).to.equal(pool.driver.all[0]);
  });
});
