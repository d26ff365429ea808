import { expect } from 'chai';
import type { LifeguardOptions } from '../src/options.ts';
import type { FakeConnection } from './support/fake-connection.ts';
import type { FakeDriver } from './support/fake-driver.ts';
import { open, type Subject } from './support/open.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A pool with a keeper and `count` idle connections, whose server says so much of its idle limit. */
async function kept(
  count: number,
  options: LifeguardOptions = {},
  waitTimeout: FakeConnection['waitTimeout'] = 'says nothing',
  prepare: (driver: FakeDriver) => void = () => {},
): Promise<Subject> {
  const pool = open({ keepaliveTime: 'auto', ...options }, (driver) => {
    driver.born = { waitTimeout };
    prepare(driver);
  });
  await pool.fill(count);
  return pool;
}

const pings = (pool: Subject): number => pool.guard.stats().pings;

describe('keepaliveTime', () => {
  it('has a connection pinged that was silent for two minutes', async () => {
    const pool = await kept(1);
    await pool.clock.run(2 * MINUTE - SECOND);
    expect(pings(pool)).to.equal(0);
    await pool.clock.run(SECOND);
    expect(pool.guard.stats()).to.include({ pings: 1, keepalives: 1, idle: 1, total: 1 });
  });

  it('is half of the server’s limit at most, margin included', async () => {
    const pool = await kept(1, {}, 20 * SECOND);
    await pool.clock.run(8 * SECOND);
    expect(pings(pool)).to.equal(0);
    await pool.clock.run(2 * SECOND);
    expect(pings(pool)).to.equal(1);
  });

  it('is half of a learned limit at most', async () => {
    const pool = await kept(2);
    pool.clock.advance(20 * SECOND);
    for (const connection of [...pool.driver.free]) pool.driver.kill(connection);
    await pool.clock.settle();
    const found = pool.guard.evictStale();
    await pool.clock.settle();
    await found;
    const { learnedIdleTimeoutMs } = pool.guard.stats();
    expect(learnedIdleTimeoutMs).to.be.below(20 * SECOND);
    await pool.fill(1);
    await pool.clock.run(learnedIdleTimeoutMs! / 2);
    expect(pings(pool)).to.be.at.least(1);
  });

  it('is what the user says', async () => {
    const pool = await kept(1, { keepaliveTime: '5s' });
    await pool.clock.run(30 * SECOND);
    expect(pool.guard.stats()).to.include({ pings: 6, keepalives: 6 });
  });

  it('that is not below the server’s limit is shortened, with a warning', async () => {
    const pool = await kept(0, { keepaliveTime: '1m' }, 20 * SECOND);
    await pool.fill(1);
    await pool.clock.run(10 * SECOND);
    expect(pings(pool)).to.equal(1);
    const pool2 = open(
      { keepaliveTime: '1m' },
      (driver) => (driver.born = { waitTimeout: 20_000 }),
    );
    const lent = await pool2.borrow();
    pool2.gate.release(lent);
    await pool2.clock.run(60);
    expect(pool2.events('warning').map(({ message }) => message)).to.deep.equal([
      'Option "keepaliveTime" is 60000 ms, but the server closes connections after 20000 ms ' +
        'without use (its wait_timeout); 10000 ms is used instead.',
    ]);
  });

  it('of 0 does nothing between the borrows: there is no timer', async () => {
    const pool = await kept(3, { keepaliveTime: 0 });
    expect(pool.clock.pending('idle')).to.equal(0);
    await pool.clock.run(10 * MINUTE);
    expect(pings(pool)).to.equal(0);
  });

  it('keeps a pool warm through any number of wait_timeouts', async () => {
    const pool = await kept(3, {}, 2 * SECOND);
    const { opened } = pool.guard.stats();
    await pool.clock.run(9 * MINUTE);
    expect(pool.guard.stats()).to.include({ opened, idle: 3 });
    const { connection } = pool.ask();
    await pool.clock.settle();
    expect(connection ?? pool.driver.all[0]).to.be.an('object');
    expect(pool.guard.stats().closed).to.deep.equal({});
  });

  it('needs one timer, which keeps no process alive', async () => {
    const pool = await kept(5, {}, 20 * SECOND);
    for (let turn = 0; turn < 10; turn++) {
      expect(pool.clock.pending('idle')).to.equal(1);
      expect(pool.clock.pending('busy')).to.equal(0);
      await pool.clock.run(7 * SECOND);
    }
  });

  it('has one that is lent seen to as rarely', async () => {
    const pool = await kept(1, { keepaliveTime: '10s' });
    await pool.borrow();
    let timers = 0;
    const timer = pool.clock.timer.bind(pool.clock);
    pool.clock.timer = (...parameters) => {
      timers++;
      return timer(...parameters);
    };
    await pool.clock.run(10 * MINUTE);
    expect(timers).to.be.at.most(61);
  });

  it('is no time for a server that says 0 where it has no limit', async () => {
    const pool = await kept(1, {}, 0);
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ opened: 1, pings: 0 });
  });

  it('does not concern what is lent, or was used meanwhile', async () => {
    const pool = await kept(2, { keepaliveTime: '10s' });
    const lent = await pool.borrow();
    await pool.clock.run(9 * SECOND);
    pool.query(lent);
    pool.gate.release(lent);
    await pool.clock.run(SECOND);
    expect(pings(pool)).to.equal(1);
    expect(pool.record(lent).silentSince).to.equal(pool.clock.now() - SECOND);
  });
});

describe('a connection that is kept alive', () => {
  it('goes back to its own place among the idle ones', async () => {
    const pool = await kept(3, { keepaliveTime: '10s' });
    const before = [...pool.driver.free];
    await pool.clock.run(5 * SECOND);
    const used = await pool.borrow();
    pool.query(used);
    pool.gate.release(used);
    await pool.clock.run(6 * SECOND);
    expect(pool.guard.stats()).to.include({ keepalives: 2 });
    expect(pool.driver.free).to.deep.equal(before);
    expect(pool.driver.told).not.to.include('release 3');
  });

  it('is not in use: idleTimeout still ends it', async () => {
    const pool = await kept(2, { keepaliveTime: '10s', idleTimeout: '1m' });
    await pool.clock.run(59 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 2, keepalives: 10 });
    await pool.clock.run(2 * SECOND);
    expect(pool.guard.stats()).to.include({ total: 0, opened: 2 });
    expect(pool.guard.stats().closed).to.deep.equal({ 'idle-timeout': 2 });
  });

  it('is pinged beside others', async () => {
    const pool = await kept(4, { keepaliveTime: '10s' });
    for (const connection of pool.driver.all) connection.ping = 'hangs';
    await pool.clock.run(10 * SECOND);
    expect(pool.guard.stats()).to.include({ validating: 4, opening: 0 });
  });

  it('goes to who comes meanwhile', async () => {
    const pool = await kept(1, { keepaliveTime: '10s' }, 'says nothing', (driver) => {
      driver.size = 1;
    });
    const [connection] = pool.driver.all;
    connection!.ping = 'hangs';
    await pool.clock.run(10 * SECOND);
    const borrow = pool.ask();
    for (const done of connection!.asking) pool.driver.answer(connection!, done);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
  });

  it('that does not answer makes nobody wait for the end of its ping, not in a full pool either', async () => {
    const pool = await kept(2, { keepaliveTime: '10s' }, 'says nothing', (driver) => {
      driver.size = 2;
    });
    for (const connection of pool.driver.all) connection.ping = 'hangs';
    await pool.clock.run(10 * SECOND + 500);
    expect(pool.guard.stats()).to.include({ validating: 2, total: 2 });
    const borrow = pool.ask();
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 3);
  });

  it('that is dead is closed, and opened anew before anybody needs it', async () => {
    const pool = await kept(1, { keepaliveTime: '10s' });
    pool.driver.all[0]!.ping = 'fails';
    await pool.clock.run(11 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 1, opened: 2 });
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-failed': 1 });
  });

  it('that somebody has taken out of the driver’s list is asked again later, and no process hangs', async () => {
    const pool = await kept(1, { keepaliveTime: '10s' });
    pool.driver.free.length = 0;
    await pool.clock.run(MINUTE);
    expect(pool.guard.stats()).to.include({ pings: 0, total: 1 });
  });

  it('is forgotten by those who wait for late pings', async () => {
    const pool = await kept(1, { keepaliveTime: '10s' }, 'says nothing', (driver) => {
      driver.size = 1;
    });
    const [connection] = pool.driver.all;
    connection!.ping = 'hangs';
    await pool.clock.run(10 * SECOND + 500);
    for (const done of connection!.asking) pool.driver.answer(connection!, done);
    connection!.ping = 'answers';
    await pool.clock.settle();
    const lent = await pool.borrow();
    const waiting = pool.ask();
    await pool.clock.run(100);
    expect(waiting.answers).to.equal(0);
    expect(pool.driver.all).to.deep.equal([lent]);
  });

  it('is looked after no more once the guard is gone', async () => {
    const pool = await kept(3, { keepaliveTime: '10s' });
    pool.gate.stop();
    expect(pool.clock.pending('idle')).to.equal(0);
    await pool.clock.run(MINUTE);
    expect(pings(pool)).to.equal(0);
  });
});

describe('a connection near its maxLifetime', () => {
  it('is replaced ten seconds before: the new one comes first', async () => {
    const pool = await kept(1, { maxLifetime: '5m' });
    const [old] = pool.driver.all;
    await pool.clock.run(5 * MINUTE - 11 * SECOND);
    expect(pool.driver.all).to.deep.equal([old]);
    pool.driver.dials = 'hang';
    await pool.clock.run(2 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 1, opening: 1 });
    pool.driver.accept();
    await pool.clock.settle();
    expect(pool.driver.retired).to.deep.equal([old]);
    expect(pool.guard.stats()).to.include({ idle: 1, total: 1, opened: 2 });
    expect(pool.guard.stats().closed).to.deep.equal({ lifetime: 1 });
  });

  it('makes the pool no larger', async () => {
    const pool = await kept(1, { maxLifetime: '1m' });
    let most = 0;
    for (let second = 0; second < 600; second++) {
      const lent = await pool.borrow();
      pool.query(lent);
      pool.gate.release(lent);
      await pool.clock.run(SECOND);
      most = Math.max(most, pool.guard.stats().total);
    }
    expect(most).to.equal(1);
    expect(pool.guard.stats().opened).to.be.within(10, 13);
  });

  it('makes it no larger either when somebody borrows it before its successor is there', async () => {
    const pool = await kept(1, { maxLifetime: '5m' });
    pool.driver.dials = 'hang';
    await pool.clock.run(5 * MINUTE - 9 * SECOND);
    const lent = await pool.borrow();
    pool.driver.dials = 'succeed';
    pool.driver.accept();
    await pool.clock.run(20 * SECOND);
    pool.query(lent);
    pool.gate.release(lent);
    await pool.clock.run(20 * SECOND);
    expect(pool.guard.stats()).to.include({ total: 1, opened: 2 });
  });

  it('is left alone when the guard has gone before its successor came', async () => {
    const pool = await kept(1, { maxLifetime: '5m' });
    pool.driver.dials = 'hang';
    await pool.clock.run(5 * MINUTE - 9 * SECOND);
    pool.gate.stop();
    pool.driver.accept();
    await pool.clock.settle();
    expect(pool.driver.retired).to.deep.equal([]);
  });

  it('is replaced a tenth before the end of a short life', async () => {
    const pool = await kept(1, { maxLifetime: '10s' });
    await pool.clock.run(8 * SECOND);
    expect(pool.guard.stats()).to.include({ opened: 1 });
    await pool.clock.run(SECOND);
    expect(pool.guard.stats()).to.include({ opened: 2, total: 1 });
  });

  it('leaves a full pool first: the limit is the user’s', async () => {
    const pool = await kept(2, { maxLifetime: '5m' }, 'says nothing', (driver) => {
      driver.size = 2;
    });
    let most = 0;
    for (let turn = 0; turn < 600; turn++) {
      await pool.clock.run(500);
      most = Math.max(most, pool.guard.stats().total);
    }
    expect(most).to.equal(2);
    expect(pool.guard.stats()).to.include({ opened: 4, idle: 2 });
  });

  it('is replaced one after the other, where many were opened at once', async () => {
    const pool = await kept(5, { maxLifetime: '5m' });
    pool.driver.dials = 'hang';
    await pool.clock.run(5 * MINUTE - 9 * SECOND);
    for (let fresh = 1; fresh <= 5; fresh++) {
      expect(pool.driver.hanging).to.have.length(1);
      pool.driver.accept();
      await pool.clock.run(1);
    }
    expect(pool.guard.stats()).to.include({ opened: 10, idle: 5, opening: 0 });
  });

  it('is not replaced when it was unused for ten minutes', async () => {
    const pool = await kept(2, { maxLifetime: '20m' });
    await pool.clock.run(20 * MINUTE);
    expect(pool.guard.stats()).to.include({ opened: 2, total: 0 });
  });

  it('stays when its successor cannot be opened, and ends at its end', async () => {
    const pool = await kept(1, { maxLifetime: '5m' });
    pool.driver.dials = 'fail';
    await pool.clock.run(5 * MINUTE - 2 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 1 });
    await pool.clock.run(4 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 0 });
    pool.driver.dials = 'succeed';
    await pool.clock.run(15 * SECOND);
    expect(pool.guard.stats()).to.include({ idle: 1, opened: 2 });
  });

  it('that is lent then is not touched', async () => {
    const pool = await kept(1, { maxLifetime: '5m' });
    const lent = await pool.borrow();
    await pool.clock.run(6 * MINUTE);
    expect(pool.driver.all).to.deep.equal([lent]);
  });
});

describe('a suspension', () => {
  it('of the process is noticed: what is stale by then is pinged or closed before it is needed', async () => {
    const pool = await kept(3, { keepaliveTime: '10s' }, 20 * SECOND);
    pool.clock.freeze(13 * SECOND);
    await pool.clock.settle();
    expect(pool.events('suspended')).to.have.length(1);
    expect(pool.guard.stats()).to.include({ keepalives: 3, idle: 3 });
    pool.clock.freeze(30 * SECOND);
    await pool.clock.run(SECOND);
    expect(pool.guard.stats().closed).to.deep.equal({ 'idle-timeout': 3 });
    expect(pool.guard.stats()).to.include({ idle: 3, opened: 6 });
  });

  it('of the machine is noticed by its wall clock', async () => {
    const pool = await kept(2, { keepaliveTime: '10s' });
    await pool.clock.run(5 * SECOND);
    const used = await pool.borrow();
    pool.query(used);
    pool.gate.release(used);
    pool.clock.suspend(MINUTE);
    await pool.clock.run(5 * SECOND);
    expect(pool.events('suspended')[0]).to.deep.include({ durationMs: MINUTE });
    expect(pool.guard.stats()).to.include({ keepalives: 2 });
  });

  it('is none before there is anything to look after', async () => {
    const pool = open({ minimumIdle: 1 });
    pool.clock.freeze(600);
    await pool.clock.settle();
    expect(pool.events('suspended')).to.deep.equal([]);
  });

  it('is none where the loop was late by less than half a second', async () => {
    const pool = await kept(1, { keepaliveTime: '10s' });
    await pool.clock.run(9_500);
    pool.clock.freeze(700);
    await pool.clock.settle();
    expect(pool.events('suspended')).to.deep.equal([]);
    expect(pool.guard.stats()).to.include({ keepalives: 1 });
  });
});
