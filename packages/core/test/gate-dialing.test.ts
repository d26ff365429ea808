import { expect } from 'chai';
import { driverError } from './support/fake-connection.ts';
import { open } from './support/open.ts';

describe('dials', () => {
  it('run in parallel, one for each borrower', () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    pool.askFor(5);
    expect(pool.driver.hanging).to.have.length(5);
    expect(pool.guard.stats()).to.include({ opening: 5, pending: 5, total: 5, lent: 0 });
  });

  it('stop at the limit of the pool', () => {
    const pool = open({}, (driver) => Object.assign(driver, { dials: 'hang', size: 3 }));
    pool.askFor(5);
    expect(pool.driver.hanging).to.have.length(3);
    expect(pool.guard.stats().pending).to.equal(5);
  });

  it('know no limit when the pool has none', () => {
    const pool = open({}, (driver) => Object.assign(driver, { dials: 'hang', size: Infinity }));
    pool.askFor(500);
    expect(pool.driver.hanging).to.have.length(500);
    expect(pool.driver.told).to.deep.equal([]);
  });

  it('are not begun while idle connections are there for all', async () => {
    const pool = open();
    await pool.fill(3);
    pool.clock.advance(1_000);
    pool.askFor(3);
    expect(pool.guard.stats()).to.include({ validating: 3, opening: 0 });
  });

  it('are begun beside validations for those for whom no connection is left', async () => {
    const pool = open();
    await pool.fill(1);
    pool.clock.advance(1_000);
    pool.askFor(3);
    expect(pool.guard.stats()).to.include({ validating: 1, opening: 2 });
  });

  it('lead to connections that are lent without validation', async () => {
    const pool = open();
    await pool.borrow();
    expect(pool.guard.stats()).to.include({ opened: 1, looks: 0, pings: 0, used: 0 });
  });

  it('that took long, in a process that stood still perhaps, lead to connections that are looked at', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    const borrow = pool.ask();
    pool.clock.advance(700);
    pool.driver.accept();
    const [corpse] = pool.driver.all;
    pool.clock.arrive(() => Object.assign(corpse!, { flaw: 'closed' }));
    pool.driver.dials = 'succeed';
    await pool.clock.settle();
    expect(borrow.connection).to.equal(pool.driver.all.at(-1));
    expect(borrow.connection).not.to.equal(corpse);
    expect(pool.guard.stats()).to.deep.include({ opened: 2, looks: 1, closed: { closed: 1 } });
  });

  it('are told, with the time they took', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    pool.ask();
    pool.clock.advance(30);
    pool.driver.accept();
    expect(pool.events('opened')).to.have.length(1);
    expect(pool.events('opened')[0]).to.deep.include({
      connection: { id: 1, ageMs: 0, idleMs: 0, silentMs: 0 },
      durationMs: 30,
    });
  });

  it('are begun anew for who waits when a lent connection is closed', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const borrow = pool.ask();
    await pool.clock.settle();
    expect(borrow.answers).to.equal(0);
    pool.driver.drop(lent);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(pool.driver.all[0]);
    expect(borrow.connection).not.to.equal(lent);
  });

  it('may fail before they have begun', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail at once'));
    const borrow = pool.ask();
    await pool.clock.settle();
    expect(pool.guard.stats()).to.include({ openFailures: 1, opening: 0, pending: 1, total: 0 });
    pool.driver.dials = 'succeed';
    await pool.clock.run(25);
    expect(borrow.connection).to.equal(pool.driver.all[0]);
  });

  it('that nobody answers are given up after connectionTimeout', async () => {
    const pool = open({}, (driver) => Object.assign(driver, { dials: 'hang', size: 1 }));
    const borrow = pool.ask();
    await pool.clock.run(10_000);
    expect(borrow.error).to.have.property('code', 'LIFEGUARD_CONNECTION_TIMEOUT');
    expect(pool.guard.stats()).to.include({ opening: 0, total: 0, openFailures: 1 });
    const { error } = pool.events('openFailed')[0]!;
    expect(error).to.have.property('code', 'LIFEGUARD_CONNECTION_TIMEOUT');
    expect(error.message).to.match(/^No answer to an attempt to open .* within 10000 ms/);
    await pool.clock.run(1_000);
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('that hang do not keep others from being tried, one at a time', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    pool.askFor(2);
    const begun: number[] = [];
    for (let second = 0; second < 5; second++) {
      begun.push(pool.driver.hanging.length);
      await pool.clock.run(1_000);
    }
    expect(begun).to.deep.equal([2, 3, 4, 5, 6]);
    await pool.clock.run(30_000);
    expect(pool.order).to.deep.equal(['1', '2']);
    expect(pool.guard.stats()).to.include({ opening: 0, total: 0, timeouts: 2 });
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('that hang do not keep others from being tried in an outage either', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    const borrow = pool.ask();
    await pool.clock.settle();
    pool.driver.dials = 'hang';
    await pool.clock.run(1_000);
    pool.driver.dials = 'succeed';
    expect(borrow.answers).to.equal(0);
    await pool.clock.run(25);
    expect(borrow.connection).to.have.property('id', 3);
    expect(pool.guard.stats()).to.include({ opening: 1, lent: 1, total: 2 });
  });

  it('that answer after all are used', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    const borrow = pool.ask();
    await pool.clock.run(1_500);
    const [first, second] = [...pool.driver.hanging];
    pool.driver.accept(first);
    pool.driver.accept(second);
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 1);
    expect(pool.guard.stats()).to.include({ opening: 0, idle: 1, lent: 1 });
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('of a generation that was dropped meanwhile lead to nothing', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    const borrow = pool.ask();
    pool.guard.evictAll();
    pool.driver.accept();
    await pool.clock.settle();
    expect(borrow.answers).to.equal(0);
    expect(pool.guard.stats()).to.deep.include({ closed: { generation: 1 }, opening: 1 });
    pool.driver.accept();
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
  });
});

describe('whether a borrow would dial at once', () => {
  it('is so in an empty pool', () => {
    expect(open().gate.wouldDial).to.equal(true);
  });

  it('is not so while a connection is idle', async () => {
    const pool = open();
    await pool.fill(1);
    expect(pool.gate.wouldDial).to.equal(false);
  });

  it('is not so while one is validated', async () => {
    const pool = open();
    await pool.fill(1);
    pool.clock.advance(1_000);
    void pool.guard.evictStale();
    expect(pool.guard.stats()).to.include({ validating: 1, pending: 0 });
    expect(pool.gate.wouldDial).to.equal(false);
  });

  it('is not so at the limit, in a line, or in an outage', async () => {
    const full = open({}, (driver) => (driver.size = 1));
    await full.borrow();
    expect(full.gate.wouldDial).to.equal(false);
    const line = open({}, (driver) => (driver.dials = 'hang'));
    line.ask();
    expect(line.gate.wouldDial).to.equal(false);
    line.driver.fail(line.driver.hanging[0], driverError('access denied', { errno: 1045 }));
    expect(line.guard.stats().pending).to.equal(0);
    expect(line.gate.wouldDial).to.equal(false);
  });
});
