import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { ticks } from './support/fake-clock.ts';
import { open } from './support/open.ts';

describe('a borrow that meets a connection used a moment ago', () => {
  it('gets it one tick later, without any validation', async () => {
    const pool = open();
    const connection = await pool.fillOne();
    const borrow = pool.ask();
    expect(borrow.answers).to.equal(0);
    await ticks();
    expect(borrow.connection).to.equal(connection);
    expect(pool.guard.stats()).to.include({ borrows: 2, used: 1, looks: 0, pings: 0, pending: 0 });
    expect(pool.clock.pending('busy')).to.equal(0);
    expect(pool.heard).to.deep.equal([]);
  });

  it('gets the one used last', async () => {
    const pool = open();
    const connections = await pool.fill(3);
    const borrows = pool.askFor(3);
    await ticks();
    expect(borrows.map(({ connection }) => connection)).to.deep.equal(connections);
    expect(pool.driver.free).to.deep.equal([]);
  });

  it('lets the driver tell what it always told', async () => {
    const pool = open();
    await pool.fillOne();
    pool.ask();
    expect(pool.driver.told).to.deep.equal(['acquire 1']);
    await ticks();
    expect(pool.driver.told).to.deep.equal(['acquire 1', 'lend 1']);
  });

  it('is answered in the async context it was made in', async () => {
    const pool = open();
    await pool.fillOne();
    const context = new AsyncLocalStorage<string>();
    const seen = await new Promise((resolve) => {
      context.run('his', () => pool.gate.borrow(() => resolve(context.getStore())));
    });
    expect(seen).to.equal('his');
  });

  it('reads the flags once more: one that died since is not lent', async () => {
    const pool = open();
    const [dead, good] = await pool.fill(2);
    dead!.flaw = 'closed';
    expect(await pool.borrow()).to.equal(good);
    expect(pool.events('closed').map(({ reason }) => reason)).to.deep.equal(['closed']);
    expect(pool.driver.discarded).to.deep.equal([dead]);
  });

  it('takes any byte received meanwhile for a goodbye', async () => {
    const pool = open();
    const [dead, good] = await pool.fill(2);
    dead!.bytes++;
    expect(await pool.borrow()).to.equal(good);
    expect(pool.guard.stats().closed).to.deep.equal({ closed: 1 });
  });

  it('does not lend one that is unclean', async () => {
    const pool = open();
    const [unclean, good] = await pool.fill(2);
    unclean!.flaw = 'unclean';
    expect(await pool.borrow()).to.equal(good);
    expect(pool.guard.stats().closed).to.deep.equal({ unclean: 1 });
  });

  it('does not lend one whose time is over', async () => {
    const pool = open({ maxLifetime: 1_000 });
    const old = await pool.fill(2);
    pool.clock.advance(1_000);
    expect(old).not.to.include(await pool.borrow());
    expect(pool.driver.retired).to.deep.equal(old);
    expect(pool.guard.stats().closed).to.deep.equal({ lifetime: 2 });
    expect(pool.events('verdict')).to.have.length(2);
    expect(pool.events('verdict')[0]).to.deep.include({ verdict: 'evict', observed: false });
  });

  it('gets a connection that somebody put into the list behind the gate', async () => {
    const pool = open();
    const stranger = pool.driver.adopt('idle');
    expect(await pool.borrow()).to.equal(stranger);
  });

  it('is not hurried past those who stand in line already', async () => {
    const pool = open({}, (driver) => (driver.dials = 'hang'));
    const [first, second] = pool.askFor(2);
    pool.driver.adopt('idle');
    pool.ask();
    await pool.clock.settle();
    expect(first!.connection).to.equal(pool.driver.all[2]);
    expect(second!.answers).to.equal(0);
  });
});
