import { expect } from 'chai';
import { open, type Subject } from './support/open.ts';

describe('evictStale()', () => {
  it('validates all idle connections and closes the bad ones', async () => {
    const pool = open();
    const [first, second, third] = await pool.fill(3);
    pool.clock.advance(1_000);
    pool.driver.kill(second!);
    const found = pool.guard.evictStale();
    await pool.clock.settle();
    expect(await found).to.deep.equal({ checked: 3, evicted: 1 });
    expect(pool.driver.free).to.have.members([first, third]);
    expect(pool.guard.stats()).to.include({ looks: 3, validating: 0 });
  });

  it('looks at those that were used a moment ago, too', async () => {
    const pool = open();
    const dead = await pool.fillOne();
    pool.driver.kill(dead);
    const found = pool.guard.evictStale();
    await pool.clock.settle();
    expect(await found).to.deep.equal({ checked: 1, evicted: 1 });
  });

  it('pings those that were silent', async () => {
    const pool = open();
    const [first, second] = await pool.fill(2);
    first!.ping = 'hangs';
    pool.clock.advance(10_000);
    const found = pool.guard.evictStale();
    await pool.clock.run(1_000);
    expect(await found).to.deep.equal({ checked: 2, evicted: 1 });
    expect(pool.driver.free).to.deep.equal([second]);
  });

  it('closes those whose time is over, without asking', async () => {
    const pool = open({ idleTimeout: '1s' });
    const old = await pool.fillOne();
    pool.clock.advance(1_000);
    expect(await pool.guard.evictStale()).to.deep.equal({ checked: 1, evicted: 1 });
    expect(pool.driver.retired).to.deep.equal([old]);
    expect(pool.guard.stats()).to.deep.include({ closed: { 'idle-timeout': 1 }, looks: 0 });
  });

  it('leaves lent connections alone', async () => {
    const pool = open();
    await pool.borrow();
    expect(await pool.guard.evictStale()).to.deep.equal({ checked: 0, evicted: 0 });
  });

  it('leaves alone what it does not know', async () => {
    const pool = open();
    pool.driver.adopt('idle');
    expect(await pool.guard.evictStale()).to.deep.equal({ checked: 1, evicted: 0 });
    expect(pool.driver.free).to.have.length(1);
  });

  it('gives what it validated to who comes meanwhile', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const idle = await pool.fillOne();
    pool.clock.advance(1_000);
    const found = pool.guard.evictStale();
    const borrow = pool.ask();
    await pool.clock.settle();
    expect(borrow.connection).to.equal(idle);
    expect(await found).to.deep.equal({ checked: 1, evicted: 0 });
  });

  it('may find a connection lent by who heard of the closing of another', async () => {
    const pool = open({ idleTimeout: '1s' });
    const [first, second] = await pool.fill(2);
    pool.clock.advance(1_000);
    const now = pool.clock.now();
    Object.assign(pool.record(first!), { idleSince: now, silentSince: now });
    pool.emitter.on('closed', () => void pool.ask());
    const found = pool.guard.evictStale();
    await pool.clock.settle();
    expect(await found).to.deep.equal({ checked: 2, evicted: 1 });
    expect(pool.driver.retired).to.deep.equal([second]);
    expect(pool.guard.stats()).to.include({ lent: 1, total: 1 });
  });
});

describe('evictAll()', () => {
  it('closes what is idle now, softly, and what is lent when it comes back', async () => {
    const pool = open();
    const [lent, idle] = await pool.fill(2);
    await pool.borrow();
    pool.guard.evictAll();
    expect(pool.driver.retired).to.deep.equal([idle]);
    pool.gate.release(lent!);
    expect(pool.driver.retired).to.deep.equal([idle, lent]);
    expect(pool.guard.stats().closed).to.deep.equal({ generation: 2 });
  });

  it('reaches what is being validated', async () => {
    const pool = open();
    const idle = await pool.fillOne();
    pool.clock.advance(1_000);
    const borrow = pool.ask();
    pool.guard.evictAll();
    await pool.clock.settle();
    expect(borrow.connection).not.to.equal(idle);
  });

  it('does not concern what is opened afterwards', async () => {
    const pool = open();
    pool.guard.evictAll();
    const fresh = await pool.borrow();
    pool.gate.release(fresh);
    expect(await pool.borrow()).to.equal(fresh);
  });

  it('may meet a listener who borrows at once', async () => {
    const pool = open();
    await pool.fill(3);
    pool.emitter.on('closed', () => void pool.ask());
    pool.guard.evictAll();
    await pool.clock.settle();
    expect(pool.order).to.have.length(3);
    expect(pool.guard.stats()).to.deep.include({ closed: { generation: 3 }, lent: 3 });
  });
});

describe('connections of before the guard', () => {
  function adopted(): Subject {
    return open({}, (driver) => {
      driver.adopt('idle');
      driver.adopt('lent');
    });
  }

  it('are known, and must be pinged before they are lent', async () => {
    const pool = adopted();
    expect(pool.guard.stats()).to.include({ total: 2, idle: 1, lent: 1 });
    const [idle, lent] = pool.driver.all;
    expect(await pool.borrow()).to.equal(idle);
    expect(pool.guard.stats()).to.include({ pings: 1, used: 0 });
    pool.gate.release(lent!);
    expect(await pool.borrow()).to.equal(lent);
    expect(pool.guard.stats().pings).to.equal(2);
  });

  it('may have got answers that nobody watched', async () => {
    const pool = adopted();
    const [, lent] = pool.driver.all;
    lent!.bytes += 500;
    pool.gate.release(lent!);
    expect(await pool.borrow()).to.equal(lent);
  });
});

describe('stats()', () => {
  it('show the pool as it is', async () => {
    const pool = open({ poolName: 'main' }, (driver) => {
      Object.assign(driver, { size: 4, born: { waitTimeout: 60_000 } });
    });
    await pool.fill(2);
    await pool.borrow();
    pool.clock.advance(1_000);
    pool.driver.dials = 'hang';
    pool.askFor(4);
    expect(pool.guard.stats()).to.deep.equal({
      ...{ poolName: 'main', mode: 'on', total: 4, idle: 0, lent: 1, validating: 1, opening: 2 },
      ...{ pending: 4, borrows: 7, used: 1, looks: 1, pings: 0, keepalives: 0 },
      ...{ opened: 2, openFailures: 0 },
      ...{
        timeouts: 0,
        retries: 0,
        rollbacks: 0,
        leaks: 0,
        moved: 0,
        lost: 0,
        closed: {},
        waitTimeoutMs: 60_000,
      },
      ...{ learnedIdleTimeoutMs: undefined },
    });
  });

  it('are a snapshot', async () => {
    const pool = open();
    const before = pool.guard.stats();
    await pool.borrow();
    pool.driver.drop(pool.driver.all[0]!);
    expect(before).to.deep.include({ borrows: 0, total: 0, closed: {} });
  });

  it('count a connection dropped during its validation once', async () => {
    const pool = open();
    const dead = await pool.fillOne();
    pool.clock.advance(1_000);
    pool.ask();
    pool.driver.dials = 'hang';
    pool.driver.drop(dead);
    expect(pool.guard.stats()).to.include({ lent: 0, validating: 0, opening: 1, total: 1 });
  });
});
