import { expect } from 'chai';
import { open } from './support/open.ts';

describe('a gate that stops', () => {
  it('gives back all who stand in line, in their order, unanswered', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    await pool.borrow();
    const borrows = pool.askFor(3);
    const waiters = pool.gate.stop();
    expect(pool.guard.stats().pending).to.equal(0);
    for (const waiter of waiters) waiter.settle(new Error('Pool is closed.'));
    expect(borrows.map(({ error }) => error?.message)).to.deep.equal(
      Array.from({ length: 3 }, () => 'Pool is closed.'),
    );
    expect(pool.order.slice(1)).to.deep.equal(['2', '3', '4']);
  });

  it('leaves no deadline running', async () => {
    const pool = open({ connectionTimeout: '1s' }, (driver) => (driver.size = 1));
    await pool.borrow();
    pool.askFor(3);
    pool.gate.stop();
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('puts back what was validated', async () => {
    const pool = open();
    const idle = await pool.fillOne();
    pool.clock.advance(10_000);
    pool.ask();
    pool.gate.stop();
    await pool.clock.settle();
    expect(pool.driver.free).to.deep.equal([idle]);
  });

  it('puts back what was dialed', async () => {
    const pool = open();
    pool.ask();
    pool.gate.stop();
    await pool.clock.settle();
    expect(pool.driver.free).to.deep.equal(pool.driver.all);
    expect(pool.driver.all).to.have.length(1);
  });

  it('does not dial again', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    pool.ask();
    pool.gate.stop();
    await pool.clock.run(10_000);
    expect(pool.guard.stats().openFailures).to.equal(1);
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('does not dial again after a pause either', async () => {
    const pool = open({}, (driver) => (driver.dials = 'fail'));
    pool.ask();
    await pool.clock.settle();
    expect(pool.clock.dueIn('busy')).to.include(25);
    pool.gate.stop();
    expect(pool.clock.pending('busy')).to.equal(0);
    await pool.clock.run(10_000);
    expect(pool.guard.stats().openFailures).to.equal(1);
  });

  it('hands over what was promised', async () => {
    const pool = open();
    const idle = await pool.fillOne();
    const borrow = pool.ask();
    pool.gate.stop();
    await pool.clock.settle();
    expect(borrow.connection).to.equal(idle);
  });

  it('sends to the pool itself whose connection went bad in the tick before', async () => {
    const pool = open();
    const idle = await pool.fillOne();
    const borrow = pool.ask();
    pool.gate.stop();
    idle.flaw = 'closed';
    await pool.clock.settle();
    const [waiter] = pool.driver.rejoined;
    waiter!.settle(new Error('from the pool'));
    expect(borrow.error!.message).to.equal('from the pool');
  });

  it('takes back what is released, and what is drained', async () => {
    const pool = open({}, (driver) => (driver.size = 2));
    pool.askFor(2);
    await pool.clock.settle();
    const [first, second] = pool.driver.all;
    Object.assign(second!, { busy: true });
    pool.gate.stop();
    pool.gate.release(first!);
    pool.gate.release(second!);
    await pool.clock.settle();
    expect(pool.driver.free).to.deep.equal([first, second]);
  });

  it('reads no limits any more', async () => {
    const pool = open({}, (driver) => (driver.born = { waitTimeout: 60_000 }));
    pool.gate.release(await pool.borrow());
    pool.gate.stop();
    await pool.clock.run(1_000);
    expect(pool.events('limitRead')).to.deep.equal([]);
    expect(pool.clock.pending('idle')).to.equal(0);
  });

  it('tells nobody of a dial that fails afterwards', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    const borrow = pool.ask(true);
    pool.gate.stop();
    pool.driver.fail();
    await pool.clock.settle();
    expect(borrow.answers).to.equal(0);
  });
});

describe('a gate that stops behind the reading of a limit', () => {
  it('leaves no timer of the reader behind', async () => {
    const options = { idleTimeout: '30s', strict: true } as const;
    const pool = open(options, (driver) => Object.assign(driver, { size: 2 }));
    const connection = pool.driver.adopt('lent');
    pool.gate.release(connection);
    pool.driver.drop(connection);
    await pool.borrow();
    pool.gate.stop();
    expect(pool.clock.pending('idle')).to.equal(0);
  });
});
