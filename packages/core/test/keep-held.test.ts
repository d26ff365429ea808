import { expect } from 'chai';
import type { LifeguardOptions } from '../src/options.ts';
import type { FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';

const SECOND = 1_000;

interface Held {
  readonly pool: Subject;
  readonly lent: FakeConnection;
}

async function held(options: LifeguardOptions = {}): Promise<Held> {
  const pool = open({ keepaliveTime: '10s', keepHeld: true, ...options });
  await pool.fill(1);
  const lent = await pool.borrow();
  pool.query(lent, 'SELECT 1');
  return { pool, lent };
}

describe('keepHeld', () => {
  it('keeps a held connection alive', async () => {
    const { pool, lent } = await held();
    await pool.clock.run(35 * SECOND);
    expect(pool.guard.stats()).to.include({ keepalives: 3, pings: 3, lent: 1 });
    expect(pool.record(lent).silentSince).to.be.at.least(pool.clock.now() - 10 * SECOND);
  });

  it('is off by default', async () => {
    const { pool } = await held({ keepHeld: false });
    await pool.clock.run(35 * SECOND);
    expect(pool.guard.stats()).to.include({ keepalives: 0, pings: 0 });
  });

  it('leaves one in peace that is used, or has a statement under way', async () => {
    const { pool, lent } = await held();
    for (let turn = 0; turn < 5; turn++) {
      await pool.clock.run(8 * SECOND);
      pool.query(lent);
    }
    expect(pool.guard.stats()).to.include({ keepalives: 0 });
    lent.busy = true;
    await pool.clock.run(30 * SECOND);
    expect(pool.guard.stats()).to.include({ keepalives: 0, lent: 1 });
  });

  it('never keeps one alive inside a transaction, and tells of it once', async () => {
    const { pool, lent } = await held();
    pool.query(lent, 'BEGIN');
    await pool.clock.run(60 * SECOND);
    expect(pool.guard.stats()).to.include({ keepalives: 0 });
    expect(pool.events('idleInTransaction')).to.have.length(1);
    expect(pool.events('warning')).to.have.length(1);
    pool.query(lent, 'COMMIT');
    await pool.clock.run(11 * SECOND);
    expect(pool.guard.stats()).to.include({ keepalives: 1 });
  });

  it('tells of the next forgotten transaction again', async () => {
    const { pool, lent } = await held();
    for (let turn = 0; turn < 2; turn++) {
      pool.query(lent, 'BEGIN');
      await pool.clock.run(30 * SECOND);
      pool.query(lent, 'COMMIT');
    }
    expect(pool.events('idleInTransaction')).to.have.length(2);
    expect(pool.events('warning')).to.have.length(1);
  });

  it('closes one that is dead, so that its holder is told at once', async () => {
    const { pool, lent } = await held();
    lent.ping = 'hangs';
    await pool.clock.run(11 * SECOND);
    expect(pool.driver.discarded).to.deep.equal([lent]);
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-timeout': 1 });
  });

  it('has the holder’s next statement wait for a ping: a dead one is moved as ever', async () => {
    const { pool, lent } = await held();
    lent.ping = 'hangs';
    await pool.clock.run(10 * SECOND + 10);
    const verdict = pool.guard.held.check(lent, 'SELECT 1');
    await pool.clock.run(SECOND);
    expect(await verdict).to.equal('move');
  });

  it('gives a ping its time, whatever is answered beside it', async () => {
    const { pool, lent } = await held();
    pool.query(lent, 'SET @a = 1');
    lent.ping = 'hangs';
    await pool.clock.run(10 * SECOND + 100);
    pool.ask();
    await pool.clock.run(50);
    expect(pool.driver.discarded).to.deep.equal([]);
  });

  it('sends nothing into a transaction that begins in the same moment, or to the next borrower', async () => {
    const { pool, lent } = await held();
    pool.clock.advance(10 * SECOND);
    pool.query(lent, 'BEGIN', 1);
    await pool.clock.settle();
    const { pings } = pool.guard.stats();
    pool.query(lent, 'COMMIT', 0);
    pool.gate.release(lent);
    const next = pool.ask();
    await pool.clock.settle();
    expect(next.connection).to.equal(lent);
    expect(pool.guard.stats()).to.include({ pings, keepalives: pings });
  });

  it('lets the holder give it back during a ping', async () => {
    const { pool, lent } = await held();
    lent.ping = 'hangs';
    await pool.clock.run(10 * SECOND + 500);
    expect(lent.asking.size).to.equal(1);
    lent.busy = true;
    pool.gate.release(lent);
    pool.driver.finish(lent);
    await pool.clock.run(SECOND);
    expect(pool.guard.stats()).to.include({ idle: 1, lent: 0, total: 1 });
  });
});
