import { expect } from 'chai';
import { open } from './support/open.ts';

describe('a borrower who was to be served at once, and met a bad connection', () => {
  it('stands behind those who asked before him and met one too', async () => {
    const pool = open({}, (driver) => (driver.size = 2));
    const [first, second] = pool.askFor(2);
    await pool.clock.settle();
    pool.order.length = 0;
    pool.ask();
    const [one, other] = [first!.connection!, second!.connection!];
    pool.gate.release(one);
    pool.gate.release(other);
    pool.ask();
    // Both are closed in the turn in which they were promised.
    pool.driver.drop(one);
    pool.driver.drop(other);
    await pool.clock.settle();
    expect(pool.order).to.deep.equal(['3', '4']);
  });

  it('has a deadline of his own, where waiting is limited', async () => {
    const pool = open({ connectionTimeout: '3s' }, (driver) => (driver.size = 1));
    const connection = await pool.borrow();
    pool.gate.release(connection);
    const [first, second] = pool.askFor(2);
    pool.driver.dials = 'hang';
    pool.driver.drop(connection);
    await pool.clock.run(3_001);
    expect([first!.answers, second!.answers]).to.deep.equal([1, 1]);
  });
});

describe('a borrower with somewhere else to go, who was to be served at once', () => {
  it('is told of the first dial that fails', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const connection = await pool.borrow();
    pool.gate.release(connection);
    pool.driver.dials = 'fail';
    const borrow = pool.ask(true);
    pool.driver.drop(connection);
    await pool.clock.settle();
    expect(borrow.error).to.equal(pool.driver.dialError);
  });
});
