import { expect } from 'chai';
import type { LifeguardOptions } from '../src/options.ts';
import type { FakeDriver } from './support/fake-driver.ts';
import { open, type Subject } from './support/open.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

async function kept(
  count: number,
  options: LifeguardOptions = {},
  prepare: (driver: FakeDriver) => void = () => {},
): Promise<Subject> {
  const pool = open({ keepaliveTime: 'auto', ...options }, prepare);
  await pool.fill(count);
  return pool;
}

describe('what was lost', () => {
  it('is opened anew, four a second at most', async () => {
    const pool = await kept(8);
    await pool.clock.run(SECOND);
    pool.guard.evictAll();
    await pool.clock.run(249);
    expect(pool.guard.stats()).to.include({ total: 0 });
    await pool.clock.run(1);
    expect(pool.guard.stats()).to.include({ total: 1 });
    await pool.clock.run(SECOND - 251);
    expect(pool.guard.stats()).to.include({ total: 3 });
    await pool.clock.run(SECOND);
    expect(pool.guard.stats()).to.include({ total: 7 });
    await pool.clock.run(250);
    expect(pool.guard.stats()).to.include({ total: 8, idle: 8 });
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ total: 8, opened: 16 });
  });

  it('is opened by one dial at a time', async () => {
    const pool = await kept(4);
    pool.driver.dials = 'hang';
    pool.guard.evictAll();
    await pool.clock.run(5 * SECOND);
    expect(pool.driver.hanging).to.have.length(1);
  });

  it('is not opened beside a dial of a borrower', async () => {
    const pool = await kept(2);
    pool.driver.dials = 'hang';
    pool.guard.evictAll();
    const borrow = pool.ask();
    await pool.clock.run(900);
    expect(pool.driver.hanging).to.have.length(1);
    pool.driver.accept();
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 3);
  });

  it('counts as filled by whatever a borrower has opened', async () => {
    const pool = await kept(2);
    pool.guard.evictAll();
    pool.askFor(2);
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ total: 2, lent: 2, opened: 4 });
  });

  it('is not missed when it was unused for ten minutes', async () => {
    const pool = await kept(3);
    await pool.clock.run(9 * MINUTE + 50 * SECOND);
    const used = await pool.borrow();
    pool.query(used);
    pool.gate.release(used);
    await pool.clock.run(20 * SECOND);
    pool.guard.evictAll();
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ total: 1, opened: 4 });
  });

  it('is not missed when the application itself has taken it', async () => {
    const pool = await kept(2);
    for (const connection of [...pool.driver.free]) pool.driver.drop(connection);
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ total: 0, opened: 2 });
  });

  it('is missed when it was lent', async () => {
    const pool = await kept(1, {}, (driver) => (driver.born = { waitTimeout: 28_800_000 }));
    const lent = await pool.borrow();
    await pool.clock.run(20 * MINUTE);
    pool.guard.roster.discard(lent, pool.record(lent), 'closed');
    await pool.clock.run(SECOND);
    expect(pool.guard.stats()).to.include({ idle: 1, opened: 2 });
  });

  it('is as idle as it was: idleTimeout is not begun anew', async () => {
    const pool = await kept(2, { idleTimeout: '30s' });
    await pool.clock.run(20 * SECOND);
    pool.guard.evictAll();
    await pool.clock.run(5 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 2, opened: 4 });
    await pool.clock.run(5 * SECOND);
    expect(pool.guard.stats()).to.include({ total: 0, opened: 4 });
  });

  it('is not what was unused for idleTimeout, jitter included', async () => {
    const pool = open(
      { keepaliveTime: 'auto', idleTimeout: '1m' },
      () => {},
      () => 0.9,
    );
    await pool.fill(3);
    await pool.clock.run(5 * MINUTE);
    expect(pool.guard.stats()).to.include({ total: 0, opened: 3 });
  });

  it('is tried later each time while it cannot be opened, and no more when nobody misses it', async () => {
    const pool = await kept(5);
    pool.driver.dials = 'fail';
    pool.guard.evictAll();
    await pool.clock.run(MINUTE);
    const { openFailures } = pool.guard.stats();
    expect(openFailures).to.be.within(8, 12);
    await pool.clock.run(10 * MINUTE);
    const after = pool.guard.stats().openFailures;
    expect(after - openFailures).to.be.within(50, 61);
    await pool.clock.run(60 * MINUTE);
    expect(pool.guard.stats()).to.include({ openFailures: after, total: 0 });
    expect(pool.clock.pending('idle') + pool.clock.pending('busy')).to.equal(0);
  });

  it('is opened soon after the server has come back', async () => {
    const pool = await kept(4);
    pool.driver.dials = 'fail';
    pool.guard.evictAll();
    await pool.clock.run(30 * SECOND);
    pool.driver.dials = 'succeed';
    await pool.clock.run(16 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 4 });
  });

  it('keeps no process alive, until it is lent', async () => {
    const pool = await kept(2);
    pool.guard.evictAll();
    expect(pool.clock.pending('busy')).to.equal(0);
    expect(pool.clock.pending('idle')).to.equal(1);
    await pool.clock.run(SECOND);
    expect(pool.driver.free.map(({ holdsProcess }) => holdsProcess)).to.deep.equal([false, false]);
    const lent = await pool.borrow();
    expect(lent.holdsProcess).to.equal(true);
    pool.gate.release(lent);
    expect(lent.holdsProcess).to.equal(true);
  });

  it('holds it once the guard has gone', async () => {
    const pool = await kept(2);
    pool.guard.evictAll();
    await pool.clock.run(SECOND);
    pool.gate.stop();
    expect(pool.driver.free.map(({ holdsProcess }) => holdsProcess)).to.deep.equal([true, true]);
  });

  it('that a borrower had opened and then had no need of holds it as bare', async () => {
    const pool = await kept(0, {}, (driver) => (driver.dials = 'hang'));
    const [first, second] = pool.askFor(2);
    await pool.clock.settle();
    pool.driver.accept();
    await pool.clock.settle();
    pool.gate.release(first!.connection!);
    await pool.clock.settle();
    expect(second!.connection).to.equal(first!.connection);
    pool.driver.accept();
    await pool.clock.settle();
    expect(pool.driver.free.map(({ holdsProcess }) => holdsProcess)).to.deep.equal([true]);
  });

  it('is no reason to hold a process that the application has let go', async () => {
    const pool = await kept(1, {}, (driver) => (driver.born = { holdsProcess: false }));
    pool.guard.evictAll();
    await pool.clock.run(SECOND);
    expect((await pool.borrow()).holdsProcess).to.equal(false);
  });

  it('does not fill a pool that may keep fewer idle ones', async () => {
    const pool = await kept(4);
    pool.driver.idleMost = 2;
    pool.guard.evictAll();
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ idle: 2, opened: 6 });
  });
});

describe('minimumIdle', () => {
  it('is opened before anybody asks, one after the other', async () => {
    const pool = open({ minimumIdle: 3 });
    await pool.clock.run(0);
    expect(pool.guard.stats()).to.include({ total: 1 });
    await pool.clock.run(2 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 3, opened: 3 });
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ idle: 3, opened: 3 });
  });

  it('is made up for what is lent, as far as the pool’s limit allows', async () => {
    const pool = open({ minimumIdle: 2 }, (driver) => (driver.size = 4));
    await pool.clock.run(3 * SECOND);
    pool.askFor(2);
    await pool.clock.run(3 * SECOND);
    expect(pool.guard.stats()).to.include({ lent: 2, idle: 2 });
    pool.askFor(1);
    await pool.clock.run(3 * SECOND);
    expect(pool.guard.stats()).to.include({ lent: 3, idle: 1, total: 4 });
  });

  it('stays, however long it is unused; more than that goes', async () => {
    const pool = open({ minimumIdle: 2, idleTimeout: '10s', keepaliveTime: '2s' });
    await pool.fill(5);
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ idle: 2 });
    const { opened } = pool.guard.stats();
    await pool.clock.run(20 * MINUTE);
    expect(pool.guard.stats()).to.include({ idle: 2, opened });
    await pool.borrow();
    expect(pool.guard.stats().closed).to.deep.equal({ 'idle-timeout': 3 });
  });

  it('is replaced at the end of its lifetime, used or not', async () => {
    const pool = open({ minimumIdle: 2, maxLifetime: '15m' });
    await pool.clock.run(60 * MINUTE);
    expect(pool.guard.stats()).to.include({ idle: 2 });
    expect(pool.guard.stats().opened).to.be.within(8, 10);
  });

  it('is tried at length where it cannot be opened, without hammering', async () => {
    const pool = open({ minimumIdle: 2 }, (driver) => (driver.dials = 'fail'));
    await pool.clock.run(10 * MINUTE);
    expect(pool.guard.stats().openFailures).to.be.within(55, 75);
    pool.driver.dials = 'succeed';
    await pool.clock.run(20 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 2 });
  });

  it('that the pool cannot hold is warned about once, and the pool is filled', async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => void warnings.push(message) };
    const pool = open({ minimumIdle: 9, logger }, (driver) => (driver.size = 3));
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ idle: 3, opened: 3 });
    expect(warnings).to.deep.equal([
      'Lifeguard, pool "fake": Option "minimumIdle" is 9, but the pool keeps at most 3 idle ' +
        'connections; 3 is used instead.',
    ]);
  });

  it('is nothing while only observing', async () => {
    const pool = open({ minimumIdle: 3, enabled: 'observe' });
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ total: 0 });
  });
});
