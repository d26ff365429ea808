import { expect } from 'chai';
import { driverError } from './support/fake-connection.ts';
import { open } from './support/open.ts';

describe('a release', () => {
  it('puts a connection back as the one used last', async () => {
    const pool = open();
    pool.askFor(2);
    await pool.clock.settle();
    const [first, second] = pool.driver.all;
    pool.gate.release(second!);
    pool.gate.release(first!);
    expect(pool.driver.free).to.deep.equal([second, first]);
    expect(pool.driver.told.slice(-2)).to.deep.equal(['release 2', 'release 1']);
  });

  it('gives it to who waits, without a word to the driver', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const borrow = pool.ask();
    pool.driver.told.length = 0;
    pool.gate.release(lent);
    expect(borrow.answers).to.equal(0);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(lent);
    expect(pool.driver.told).to.deep.equal(['lend 1']);
  });

  it('of a connection that is not known is one, too', () => {
    const pool = open();
    const stranger = pool.driver.adopt('lent');
    pool.gate.release(stranger);
    expect(pool.driver.free).to.deep.equal([stranger]);
    expect(pool.record(stranger).state).to.equal('idle');
  });

  it('is no use: idle time goes on from the last answer', async () => {
    const pool = open();
    const lent = await pool.borrow();
    pool.clock.advance(1_000);
    pool.query(lent);
    const { idleSince } = pool.record(lent);
    expect(idleSince).to.equal(pool.clock.now());
    pool.clock.advance(5_000);
    pool.gate.release(lent);
    expect(pool.record(lent).idleSince).to.equal(idleSince);
    expect(await pool.borrow()).to.equal(lent);
    expect(pool.guard.stats().looks + pool.guard.stats().pings).to.equal(1);
  });

  it('forgets what the lease had made of its session', async () => {
    const pool = open();
    const lent = await pool.borrow();
    pool.query(lent, 'SET @a = 1');
    pool.gate.release(lent);
    expect(pool.record(lent).session.state).to.deep.equal([]);
  });
});

describe('a release after a long silence', () => {
  it('is validated first for who waits: a dead connection is not lent', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const waiting = pool.ask();
    pool.clock.freeze(30_000);
    pool.driver.kill(lent);
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(waiting.connection).to.have.property('id', 2);
  });

  it('is validated first for who waits, also when its last answer took that long', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const waiting = pool.ask();
    pool.clock.freeze(30_000);
    pool.driver.kill(lent);
    pool.query(lent);
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(waiting.connection).to.have.property('id', 2);
  });

  it('is validated first for who waits: a good one is lent', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const waiting = pool.ask();
    pool.clock.freeze(30_000);
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(waiting.connection).to.equal(lent);
    expect(pool.guard.stats().pings).to.equal(1);
  });
});

describe('a second release', () => {
  it('does nothing', async () => {
    const pool = open();
    const lent = await pool.borrow();
    for (let time = 0; time < 3; time++) pool.gate.release(lent);
    expect(pool.driver.free).to.deep.equal([lent]);
    expect(pool.driver.told.filter((what) => what === 'release 1')).to.have.length(1);
  });

  it('does not give the connection to two who wait', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const [first, second] = pool.askFor(2);
    pool.gate.release(lent);
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(first!.connection).to.equal(lent);
    expect(second!.answers).to.equal(0);
  });

  it('does not take the connection from who borrowed it meanwhile', async () => {
    const pool = open();
    const lent = await pool.borrow();
    pool.gate.release(lent);
    pool.ask();
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(pool.driver.free).to.deep.equal([]);
  });

  it('does nothing to a connection that is validated', async () => {
    const pool = open();
    const lent = await pool.fillOne();
    pool.clock.advance(1_000);
    pool.ask();
    pool.gate.release(lent);
    expect(pool.guard.stats()).to.include({ validating: 1, idle: 0 });
  });

  it('does nothing to a connection that is closed', async () => {
    const pool = open();
    const lent = await pool.borrow();
    pool.driver.drop(lent);
    pool.gate.release(lent);
    expect(pool.guard.stats()).to.include({ total: 0, idle: 0 });
  });
});

describe('at its release a connection is closed', () => {
  it('when an error had spoiled it', async () => {
    const pool = open();
    const lent = await pool.borrow();
    pool.guard.watch.failed(lent, driverError('read ECONNRESET', { code: 'ECONNRESET' }));
    pool.gate.release(lent);
    expect(pool.driver.discarded).to.deep.equal([lent]);
    expect(pool.guard.stats().closed).to.deep.equal({ poisoned: 1 });
  });

  for (const flaw of ['closed', 'unclean'] as const) {
    it(`when it is ${flaw}`, async () => {
      const pool = open();
      const lent = await pool.borrow();
      lent.flaw = flaw;
      pool.gate.release(lent);
      expect(pool.driver.discarded).to.deep.equal([lent]);
      expect(pool.guard.stats().closed).to.deep.equal({ [flaw]: 1 });
    });
  }

  it('softly when its lifetime is over', async () => {
    const pool = open({ maxLifetime: '1s' });
    const lent = await pool.borrow();
    pool.clock.advance(1_000);
    pool.query(lent);
    pool.gate.release(lent);
    expect(pool.driver.retired).to.deep.equal([lent]);
    expect(pool.guard.stats().closed).to.deep.equal({ lifetime: 1 });
  });

  it('softly when its generation was dropped', async () => {
    const pool = open();
    const lent = await pool.borrow();
    pool.guard.evictAll();
    expect(pool.driver.retired).to.deep.equal([]);
    pool.gate.release(lent);
    expect(pool.driver.retired).to.deep.equal([lent]);
    expect(pool.guard.stats().closed).to.deep.equal({ generation: 1 });
  });

  it('and who waits gets a fresh one', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const borrow = pool.ask();
    pool.guard.evictAll();
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
  });
});
