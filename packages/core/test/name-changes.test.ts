import { expect } from 'chai';
import { NameChanges } from '../src/name-changes.ts';
import { open, type Subject } from './support/open.ts';

describe('what a name has left', () => {
  it('is what is in use and not among its addresses', () => {
    const names = new NameChanges();
    expect([...names.left(['a', 'b'], ['a', 'c', 'c', 'd'], 0)]).to.deep.equal(['c', 'd']);
  });

  it('is nothing more once it comes back to what it had left', () => {
    const names = new NameChanges();
    names.left(['b'], ['a'], 0);
    expect([...names.left(['a'], ['b'], 599_999)]).to.deep.equal([]);
    expect([...names.left(['c'], ['a', 'b'], 599_999)]).to.deep.equal([]);
  });
});

describe('what a name has left, and comes back to after long', () => {
  it('is left once more: that is the end of a failover', () => {
    const names = new NameChanges();
    names.left(['b'], ['a'], 0);
    expect([...names.left(['a'], ['b'], 600_000)]).to.deep.equal(['b']);
  });
});

describe('a server whose name leads somewhere else', () => {
  /** A pool with one connection idle and one lent, from when the name led to `a`. */
  async function moved(): Promise<Subject> {
    const pool = open({}, (driver) => (driver.born = { address: 'a:3306', names: ['a'] }));
    await pool.fill(2);
    await pool.borrow();
    pool.driver.born = { address: 'b:3306', names: ['b'] };
    return pool;
  }

  it('is followed when a dial tells: idle ones go now, lent ones at their release', async () => {
    const pool = await moved();
    const [lent, idle] = pool.driver.all;
    const [, third] = [await pool.borrow(), await pool.borrow()];
    expect(third).to.have.property('address', 'b:3306');
    expect(pool.driver.retired).to.deep.equal([]);
    pool.gate.release(idle!);
    pool.gate.release(lent!);
    expect(pool.driver.retired).to.deep.equal([idle, lent]);
    expect(pool.guard.stats().closed).to.deep.equal({ generation: 2 });
    pool.gate.release(third);
    expect(pool.guard.stats()).to.include({ idle: 1, total: 1 });
  });

  it('has its idle connections closed at once', async () => {
    const pool = await moved();
    const [lent, idle] = pool.driver.all;
    pool.driver.removeIdle(idle!);
    const fresh = pool.ask();
    pool.driver.free.push(idle!);
    await pool.clock.settle();
    expect(fresh.connection).to.have.property('address', 'b:3306');
    expect(pool.driver.retired).to.deep.equal([idle]);
    expect(pool.record(lent!).state).to.equal('leased');
  });

  it('keeps those that lead to one of its addresses', async () => {
    const pool = await moved();
    pool.driver.born = { address: 'b:3306', names: ['b', 'a'] };
    await pool.borrow();
    await pool.borrow();
    for (const connection of [...pool.driver.all]) pool.gate.release(connection);
    expect(pool.guard.stats()).to.deep.include({ idle: 3, closed: {} });
  });
});
