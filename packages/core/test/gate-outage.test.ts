import { expect } from 'chai';
import { driverError } from './support/fake-connection.ts';
import { open } from './support/open.ts';

const denied = driverError('Access denied for user', {
  errno: 1045,
  code: 'ER_ACCESS_DENIED_ERROR',
});

describe('in an outage', () => {
  it('one dial is tried at a time', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    pool.askFor(8);
    expect(pool.guard.stats().opening).to.equal(8);
    pool.driver.dials = 'hang';
    await pool.clock.run(1_000);
    expect(pool.guard.stats()).to.include({ opening: 1, openFailures: 8, pending: 8 });
  });

  it('the pauses between dials grow', async () => {
    const pool = open({ connectionTimeout: '2s' }, (driver) => (driver.dials = 'fail'));
    pool.ask();
    await pool.clock.run(1_000);
    const pauses = pool.events('openFailed').map(({ backoffMs }) => backoffMs);
    expect(pauses).to.deep.equal([25, 50, 100, 200, 250, 250, 250]);
  });

  it('borrowers wait, and all get connections when it is over', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    const borrows = pool.askFor(5);
    await pool.clock.run(3_000);
    expect(borrows.map(({ answers }) => answers)).to.deep.equal([0, 0, 0, 0, 0]);
    pool.driver.dials = 'succeed';
    await pool.clock.run(250);
    expect(pool.order).to.deep.equal(['1']);
    await pool.clock.run(1_000);
    expect(pool.order).to.deep.equal(['1', '2', '3', '4', '5']);
    expect(pool.driver.all).to.have.length(5);
  });

  it('the first good dial ends it: four a second follow, however long each takes', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    pool.askFor(8);
    await pool.clock.run(500);
    pool.driver.dials = 'hang';
    await pool.clock.run(250);
    expect(pool.driver.hanging).to.have.length(1);
    pool.driver.accept();
    await pool.clock.run(249);
    expect(pool.driver.hanging).to.have.length(0);
    await pool.clock.run(501);
    expect(pool.driver.hanging).to.have.length(3);
  });

  it('one that is given back serves those who wait meanwhile', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    const borrows = pool.askFor(3);
    await pool.clock.run(500);
    pool.driver.dials = 'succeed';
    await pool.clock.run(250);
    for (const borrow of borrows) {
      pool.gate.release(borrow.connection!);
      await pool.clock.settle();
    }
    expect(pool.guard.stats()).to.include({ idle: 1, opened: 1 });
  });

  it('dials run in parallel again once the pool could be full', async () => {
    const pool = open({}, (driver) => Object.assign(driver, { dials: 'fail', size: 5 }));
    const [first] = pool.askFor(1);
    await pool.clock.run(500);
    pool.driver.dials = 'succeed';
    await pool.clock.run(250);
    pool.gate.release(first!.connection!);
    await pool.clock.run(1_000);
    pool.askFor(4);
    await pool.clock.settle();
    expect(pool.guard.stats()).to.include({ lent: 4, opened: 4 });
  });

  it('after it a dial that fails begins the next one', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    pool.askFor(3);
    await pool.clock.run(500);
    pool.driver.dials = 'succeed';
    await pool.clock.run(250);
    pool.driver.dials = 'fail';
    await pool.clock.run(250);
    expect(pool.events('openFailed').at(-1)).to.include({ backoffMs: 25 });
  });

  it('the deadlines of all run, also of those for whom no dial is tried', async () => {
    const pool = open({}, (driver) => Object.assign(driver, { dials: 'fail', size: 1 }));
    pool.askFor(3);
    await pool.clock.run(10_000);
    expect(pool.order).to.deep.equal(['1', '2', '3']);
    expect(pool.guard.stats()).to.include({ timeouts: 3, pending: 0 });
  });

  it('releases go on serving those who wait', async () => {
    const pool = open();
    const lent = await pool.borrow();
    pool.driver.dials = 'fail';
    const borrow = pool.ask();
    await pool.clock.run(100);
    expect(borrow.answers).to.equal(0);
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(lent);
  });

  it('a borrow that gets nothing in time carries the last real cause', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    const borrow = pool.ask();
    await pool.clock.run(10_500);
    expect(borrow.error).to.include({ code: 'LIFEGUARD_CONNECTION_TIMEOUT' });
    expect(borrow.error!.cause).to.equal(pool.driver.dialError);
    expect(borrow.error!.message).to.match(/the last error was: connect ECONNREFUSED$/);
    expect(pool.guard.stats()).to.include({ timeouts: 1, pending: 0 });
    expect(pool.events('timeout')[0]).to.deep.include({ cause: pool.driver.dialError });
  });

  it('no dial is tried and no timer runs when nobody waits any more', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    pool.ask();
    await pool.clock.run(11_000);
    const { openFailures } = pool.guard.stats();
    await pool.clock.run(60_000);
    expect(pool.guard.stats().openFailures).to.equal(openFailures);
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('who comes right after a failure waits for the pause, too', async () => {
    const pool = open({ connectionTimeout: 100 }, (driver) => (driver.dials = 'fail'));
    pool.ask();
    await pool.clock.run(120);
    expect(pool.guard.stats()).to.include({ pending: 0, openFailures: 3 });
    pool.ask();
    expect(pool.guard.stats()).to.include({ opening: 0, pending: 1 });
  });

  it('a later success forgets the cause', async () => {
    const pool = open({ connectionTimeout: '1s' }, (driver) => (driver.dials = 'fail'));
    pool.ask();
    await pool.clock.settle();
    Object.assign(pool.driver, { dials: 'succeed', size: 1 });
    await pool.clock.run(100);
    const late = pool.ask();
    await pool.clock.run(1_000);
    expect(late.error).to.have.property('code', 'LIFEGUARD_CONNECTION_TIMEOUT');
    expect(late.error!.cause).to.equal(undefined);
  });
});

describe('an error that no second try can mend', () => {
  it('is told at once to all who wait for nothing else', async () => {
    const pool = open({}, (driver) => Object.assign(driver, { dials: 'hang', dialError: denied }));
    const borrows = pool.askFor(3);
    pool.driver.fail();
    await pool.clock.settle();
    expect(borrows.map(({ error }) => error)).to.deep.equal([denied, denied, denied]);
    expect(pool.guard.stats()).to.include({ pending: 0, timeouts: 0 });
  });

  it('is told at once to more than the pool can hold, when it holds nothing', async () => {
    const pool = open({}, (driver) => {
      Object.assign(driver, { dials: 'hang', dialError: denied, size: 2 });
    });
    const borrows = pool.askFor(5);
    pool.driver.fail();
    await pool.clock.settle();
    expect(borrows.map(({ error }) => error)).to.deep.equal(Array(5).fill(denied));
  });

  it('is not told to who gets a connection that is drained', async () => {
    const pool = open({}, (driver) => Object.assign(driver, { size: 2, dialError: denied }));
    const busy = await pool.borrow();
    busy.busy = true;
    pool.gate.release(busy);
    pool.driver.dials = 'fail';
    const [first, second] = pool.askFor(2);
    await pool.clock.settle();
    expect([first!.answers, second!.error]).to.deep.equal([0, denied]);
    pool.driver.finish(busy);
    await pool.clock.settle();
    expect(first!.connection).to.equal(busy);
  });

  it('is not told to who gets a connection that is being validated', async () => {
    const pool = open({}, (driver) => (driver.dialError = denied));
    const idle = await pool.fillOne();
    pool.clock.advance(1_000);
    pool.driver.dials = 'fail';
    const [first, second] = pool.askFor(2);
    await pool.clock.settle();
    expect(first!.connection).to.equal(idle);
    expect(second!.error).to.equal(denied);
  });

  it('is not told to who may wait for a lent connection', async () => {
    const pool = open({}, (driver) => Object.assign(driver, { size: 2, dialError: denied }));
    const lent = await pool.borrow();
    pool.driver.dials = 'fail';
    const [first, second] = pool.askFor(2);
    await pool.clock.settle();
    expect(first!.error).to.equal(denied);
    expect(second!.answers).to.equal(0);
    pool.gate.release(lent);
    await pool.clock.settle();
    expect(second!.connection).to.equal(lent);
  });

  it('is told to the next borrower after the next try', async () => {
    const pool = open({}, (driver) => Object.assign(driver, { dials: 'fail', dialError: denied }));
    pool.ask();
    await pool.clock.settle();
    const next = pool.ask();
    await pool.clock.run(25);
    expect(next.error).to.equal(denied);
  });
});

describe('a borrower who has nowhere else to go', () => {
  it('is not told of an error that the next try may mend', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    let answers = 0;
    pool.gate.borrow(() => answers++);
    await pool.clock.settle();
    expect(answers).to.equal(0);
    pool.driver.dials = 'succeed';
    await pool.clock.run(25);
    expect(answers).to.equal(1);
  });
});

describe('a borrower who has somewhere else to go', () => {
  it('is told the first dial error, whatever it is', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    const [patient, hasty] = [pool.ask(), pool.ask(true)];
    await pool.clock.settle();
    expect(hasty.error).to.equal(pool.driver.dialError);
    expect(patient.answers).to.equal(0);
  });

  it('is not told while a connection is validated for him', async () => {
    const pool = open();
    const idle = await pool.fillOne();
    pool.clock.advance(1_000);
    pool.driver.dials = 'fail';
    const [first, second] = [pool.ask(true), pool.ask(true)];
    await pool.clock.settle();
    expect(first.connection).to.equal(idle);
    expect(second.error).to.equal(pool.driver.dialError);
  });
});
