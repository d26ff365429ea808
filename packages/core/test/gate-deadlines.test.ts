import { expect } from 'chai';
import { open } from './support/open.ts';

describe('the deadline of a borrow', () => {
  it('runs while a connection is dialed', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    const borrow = pool.ask();
    await pool.clock.run(9_999);
    expect(borrow.answers).to.equal(0);
    await pool.clock.run(1);
    expect(borrow.error).to.have.property('code', 'LIFEGUARD_CONNECTION_TIMEOUT');
    expect(borrow.error!.message).to.match(/^No connection of pool "fake" within 10000 ms/);
  });

  it('runs while a connection is validated', async () => {
    const pool = open({ connectionTimeout: 800, validationTimeout: 700 });
    const idle = await pool.fillOne();
    idle.ping = 'hangs';
    pool.driver.dials = 'hang';
    pool.clock.advance(10_000);
    const borrow = pool.ask();
    await pool.clock.run(800);
    expect(borrow.error).to.have.property('code', 'LIFEGUARD_CONNECTION_TIMEOUT');
  });

  it('does not run while it only waits for lent connections', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const borrow = pool.ask();
    await pool.clock.run(1_200_000);
    expect(borrow.answers).to.equal(0);
    expect(pool.clock.pending('busy')).to.equal(0);
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(lent);
  });

  it('runs while it waits for lent connections where the user set it', async () => {
    const pool = open({ connectionTimeout: '2s' }, (driver) => (driver.size = 1));
    await pool.borrow();
    const borrow = pool.ask();
    await pool.clock.run(2_000);
    expect(borrow.error!.message).to.equal(
      'No connection of pool "fake" within 2000 ms (connectionTimeout): ' +
        '1 lent, 0 being validated, 0 being opened',
    );
  });

  it('is of each borrower, from when he came', async () => {
    const pool = open({ connectionTimeout: '2s' }, (driver) => (driver.size = 1));
    await pool.borrow();
    const first = pool.ask();
    await pool.clock.run(500);
    const second = pool.ask();
    await pool.clock.run(1_500);
    expect([first.answers, second.answers]).to.deep.equal([1, 0]);
    await pool.clock.run(500);
    expect(second.answers).to.equal(1);
    expect(pool.guard.stats()).to.include({ timeouts: 2, pending: 0 });
  });

  it('looks first: a connection that lies in the kernel is lent', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    const borrow = pool.ask();
    pool.clock.arrive(() => pool.driver.accept());
    pool.clock.advance(10_000);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(pool.driver.all[0]);
  });

  it('of 50 borrows survives a process that stood still for longer', async () => {
    const pool = open();
    await pool.fill(10);
    pool.clock.advance(10_000);
    const borrows = pool.askFor(50);
    pool.clock.freeze(60_000);
    await pool.clock.settle();
    expect(pool.guard.stats().timeouts).to.equal(0);
    for (let turn = 0; turn < 50; turn++) {
      const connection = borrows[turn]?.connection;
      if (connection) pool.gate.release(connection);
      await pool.clock.settle();
    }
    expect(pool.order).to.have.length(50);
    expect(borrows.every(({ error }) => error === undefined)).to.equal(true);
  });

  it('starts over once for a process that stood still, not twice', async () => {
    const pool = open({ connectionTimeout: '2s' }, (driver) => (driver.size = 1));
    await pool.borrow();
    const borrow = pool.ask();
    for (const answers of [0, 1]) {
      pool.clock.freeze(5_000);
      await pool.clock.settle();
      expect(borrow.answers).to.equal(answers);
    }
  });

  it('of those who only wait for lent connections stops when an outage ends', async () => {
    const pool = open({}, (driver) => (driver.size = 2));
    const lent = await pool.borrow();
    pool.driver.dials = 'fail';
    const [dialing, ...waiting] = pool.askFor(3);
    await pool.clock.run(5_000);
    pool.driver.dials = 'succeed';
    await pool.clock.run(250);
    expect(dialing!.connection).to.equal(pool.driver.all[1]);
    await pool.clock.run(60_000);
    expect(waiting.map(({ answers }) => answers)).to.deep.equal([0, 0]);
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(waiting[0]!.connection).to.equal(lent);
  });

  it('of those who were told to wait goes on when an outage ends', async () => {
    const pool = open({ connectionTimeout: '6s' }, (driver) => (driver.size = 1));
    pool.driver.dials = 'fail';
    const borrows = pool.askFor(2);
    await pool.clock.run(5_000);
    pool.driver.dials = 'succeed';
    await pool.clock.run(1_000);
    expect(borrows[0]!.connection).to.equal(pool.driver.all[0]);
    expect(borrows[1]!.error).to.have.property('code', 'LIFEGUARD_CONNECTION_TIMEOUT');
  });

  it('goes on for who was called and met a bad connection', async () => {
    const pool = open({ connectionTimeout: '1s' }, (driver) => (driver.size = 1));
    const lent = await pool.borrow();
    const borrow = pool.ask();
    pool.driver.dials = 'hang';
    pool.gate.release(lent);
    pool.driver.drop(lent);
    await pool.clock.run(1_000);
    expect(borrow.error).to.have.property('code', 'LIFEGUARD_CONNECTION_TIMEOUT');
  });

  it('leaves alone who comes back by his listener', async () => {
    const pool = open({ connectionTimeout: '1s' }, (driver) => (driver.dials = 'hang'));
    const remove = pool.emitter.on('timeout', () => {
      remove();
      pool.ask();
    });
    pool.ask();
    await pool.clock.run(500);
    pool.ask();
    await pool.clock.run(10_000);
    expect(pool.order).to.deep.equal(['1', '2', '3']);
    expect(pool.guard.stats().pending).to.equal(0);
    expect(pool.clock.pending('busy')).to.equal(0);
  });
});
