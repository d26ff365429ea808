import { expect } from 'chai';
import { open, type Subject } from './support/open.ts';

/** A pool of one whose connection is lent, with a transaction open on it. */
async function inTransaction(answers: 'at once' | 'never' | 'with an error'): Promise<Subject> {
  const pool = open({}, (driver) => {
    driver.size = 1;
    driver.rollback = (connection, done) => {
      if (answers === 'never') return;
      const error = answers === 'at once' ? null : new Error('XAER_RMFAIL');
      pool.clock.arrive(() => done(error));
      connection.bytes += 11;
    };
  });
  pool.query(await pool.borrow(), 'BEGIN', 3);
  return pool;
}

describe('a lease that ends inside an open transaction', () => {
  it('is rolled back before the next in line gets the connection', async () => {
    const pool = await inTransaction('at once');
    const [connection] = pool.driver.all;
    const next = pool.ask();
    pool.gate.release(connection!);
    expect(pool.record(connection!).state).to.equal('resetting');
    expect(pool.events('rolledBack')).to.have.length(1);
    await pool.clock.settle();
    expect(next.connection).to.equal(connection);
    expect(pool.record(connection!).session.inTransaction).to.equal(false);
    expect(pool.guard.stats()).to.include({ rollbacks: 1, opened: 1 });
    pool.gate.release(connection!);
    expect(pool.guard.stats()).to.include({ rollbacks: 1, idle: 1 });
  });

  it('is closed when that is refused', async () => {
    const pool = await inTransaction('with an error');
    pool.gate.release(pool.driver.all[0]!);
    await pool.clock.settle();
    expect(pool.guard.stats()).to.deep.include({ total: 0, closed: { 'reset-failed': 1 } });
  });

  it('is closed when that takes longer than validationTimeout, and the next one gets a fresh one', async () => {
    const pool = await inTransaction('never');
    const next = pool.ask();
    pool.gate.release(pool.driver.all[0]!);
    await pool.clock.run(999);
    expect(next.answers).to.equal(0);
    await pool.clock.run(1);
    expect(next.connection).to.have.property('id', 2);
    expect(pool.guard.stats().closed).to.deep.equal({ 'reset-failed': 1 });
  });

  it('is said once in words, however often it happens', async () => {
    const pool = await inTransaction('at once');
    const [connection] = pool.driver.all;
    for (const round of [1, 2, 3]) {
      pool.gate.release(connection!);
      await pool.clock.settle();
      expect(pool.guard.stats()).to.include({ rollbacks: round });
      pool.query(await pool.borrow(), 'BEGIN', 3);
    }
    expect(pool.events('warning').length).to.equal(1);
  });

  it('is left as it is where the pool is configured so', async () => {
    const pool = open();
    const connection = await pool.borrow();
    pool.query(connection, 'BEGIN', 3);
    pool.gate.release(connection);
    expect(pool.guard.stats()).to.include({ idle: 1, rollbacks: 0 });
  });
});
