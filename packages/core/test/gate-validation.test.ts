import { expect } from 'chai';
import { open, type Subject } from './support/open.ts';

/** A pool whose idle connections are due for a look (after a second) or a ping (after ten). */
async function idleFor(ms: number, count: number): Promise<Subject> {
  const pool = open();
  await pool.fill(count);
  pool.clock.advance(ms);
  return pool;
}

describe('a look', () => {
  it('lends a connection that is still open', async () => {
    const pool = await idleFor(1_000, 1);
    expect(await pool.borrow()).to.equal(pool.driver.all[0]);
    expect(pool.guard.stats()).to.include({ looks: 1, pings: 0, used: 0 });
    expect(pool.driver.told).to.deep.equal(['acquire 1', 'lend 1']);
  });

  it('finds one whose end lies in the kernel, and dials', async () => {
    const pool = await idleFor(1_000, 1);
    const [dead] = pool.driver.all;
    pool.driver.kill(dead!);
    expect(await pool.borrow()).to.have.property('id', 2);
    expect(pool.driver.discarded).to.deep.equal([dead]);
    expect(pool.guard.stats().closed).to.deep.equal({ closed: 1 });
  });

  it('finds a byte that came meanwhile', async () => {
    const pool = await idleFor(1_000, 1);
    const [dead] = pool.driver.all;
    pool.clock.arrive(() => (dead!.bytes += 4));
    expect(await pool.borrow()).not.to.equal(dead);
  });

  it('goes through all idle connections at once, for as many borrowers', async () => {
    const pool = await idleFor(1_000, 10);
    for (const dead of [...pool.driver.all]) pool.driver.kill(dead);
    pool.askFor(10);
    pool.clock.poll();
    pool.clock.poll();
    expect(pool.guard.stats()).to.include({ validating: 0, opening: 10 });
    await pool.clock.settle();
    expect(pool.order).to.have.length(10);
  });

  it('is told: the verdict, the outcome and its time', async () => {
    const pool = await idleFor(1_000, 1);
    await pool.borrow();
    const idle = { id: 1, ageMs: 1_060, idleMs: 1_060, silentMs: 1_010 };
    expect(pool.heard.map(({ name }) => name)).to.deep.equal(['verdict', 'validated']);
    expect(pool.events('verdict')[0]).to.deep.include({ verdict: 'look', observed: false });
    expect(pool.events('validated')[0]).to.deep.include({
      connection: idle,
      by: 'look',
      healthy: true,
      durationMs: 0,
    });
  });
});

describe('a ping', () => {
  it('lends a connection whose server answers', async () => {
    const pool = await idleFor(10_000, 1);
    expect(await pool.borrow()).to.equal(pool.driver.all[0]);
    expect(pool.guard.stats()).to.include({ looks: 0, pings: 1 });
    expect(pool.events('validated')[0]).to.include({ by: 'ping', healthy: true });
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('ends the silence of the connection and of its address', async () => {
    const pool = await idleFor(10_000, 2);
    const [first, second] = pool.driver.all;
    await pool.borrow();
    expect(pool.record(first!).heardAt).to.equal(pool.clock.now());
    pool.ask();
    expect(pool.events('verdict').map(({ verdict }) => verdict)).to.deep.equal(['ping', 'look']);
    await pool.clock.settle();
    expect(pool.record(second!).state).to.equal('leased');
  });

  it('that fails closes the connection', async () => {
    const pool = await idleFor(10_000, 1);
    pool.driver.all[0]!.ping = 'fails';
    expect(await pool.borrow()).to.have.property('id', 2);
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-failed': 1 });
    expect(pool.events('validated')[0]).to.include({ healthy: false });
  });

  it('is not sent on a connection that a look finds dead', async () => {
    const pool = await idleFor(10_000, 1);
    const [dead] = pool.driver.all;
    pool.driver.kill(dead!);
    await pool.borrow();
    expect(dead!.asking.size).to.equal(0);
    expect(pool.guard.stats().closed).to.deep.equal({ closed: 1 });
  });

  it('is followed by a look: an answer that was a goodbye is none', async () => {
    const pool = await idleFor(10_000, 1);
    const [dead] = pool.driver.all;
    pool.ask();
    pool.clock.poll();
    pool.clock.poll();
    pool.driver.kill(dead!);
    await pool.clock.settle();
    expect(pool.order).to.have.length(1);
    expect(pool.driver.discarded).to.deep.equal([dead]);
  });

  it('may call back twice', async () => {
    const pool = await idleFor(10_000, 2);
    for (const connection of pool.driver.all) connection.ping = 'answers twice';
    pool.askFor(2);
    await pool.clock.settle();
    expect(pool.order).to.deep.equal(['1', '2']);
    expect(pool.guard.stats()).to.include({ lent: 2, validating: 0, total: 2 });
  });

  it('whose answer lies in the kernel at its deadline is answered', async () => {
    const pool = await idleFor(10_000, 1);
    const [connection] = pool.driver.all;
    connection!.ping = 'hangs';
    const borrow = pool.ask();
    pool.clock.poll();
    pool.clock.poll();
    const [done] = connection!.asking;
    pool.clock.arrive(() => pool.driver.answer(connection!, done!));
    pool.clock.advance(1_000);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
  });
});

describe('a connection whose answer came after a standstill', () => {
  it('is looked at, also where two answers are read in one turn', async () => {
    const pool = await idleFor(0, 1);
    const connection = await pool.borrow();
    pool.clock.advance(700);
    pool.guard.watch.heard(connection);
    pool.guard.watch.heard(connection);
    pool.gate.release(connection);
    pool.ask();
    expect(pool.events('verdict').map(({ verdict }) => verdict)).to.deep.equal(['look']);
    await pool.clock.settle();
    pool.guard.watch.heard(connection);
    pool.gate.release(connection);
    pool.ask();
    expect(pool.guard.stats().used).to.equal(2);
  });
});

describe('a ping that is not answered', () => {
  it('costs a borrow no more than validationTimeout, however many connections are silent', async () => {
    const pool = await idleFor(10_000, 10);
    for (const connection of pool.driver.all) connection.ping = 'hangs';
    pool.driver.dials = 'hang';
    const borrow = pool.ask();
    await pool.clock.run(999);
    pool.driver.dials = 'succeed';
    expect(borrow.answers).to.equal(0);
    // The dial that was tried beside it is given as long.
    await pool.clock.run(31);
    expect(borrow.connection).to.have.property('id', 12);
    expect(pool.guard.stats()).to.include({ pings: 1, opened: 11 });
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-timeout': 1, hedged: 1 });
  });

  it('makes the others suspect: they are pinged, however recently they were used', async () => {
    const pool = await idleFor(10_000, 2);
    const [silent, other] = pool.driver.all;
    silent!.ping = 'hangs';
    pool.record(other!).idleSince = pool.clock.now();
    pool.ask();
    await pool.clock.run(1_000);
    pool.ask();
    expect(pool.events('verdict').map(({ verdict }) => verdict)).to.deep.equal(['ping', 'ping']);
  });

  it('leaves above suspicion what was opened since', async () => {
    const pool = await idleFor(10_000, 1);
    pool.driver.all[0]!.ping = 'hangs';
    pool.ask();
    await pool.clock.run(1_000);
    const fresh = pool.driver.all.find(({ ping }) => ping === 'answers');
    await pool.clock.run(1);
    pool.guard.watch.heard(fresh!);
    pool.gate.release(fresh!);
    pool.ask();
    expect(pool.events('verdict').map(({ verdict }) => verdict)).to.deep.equal(['ping', 'look']);
  });

  it('is given its time again in a process that stood still', async () => {
    const pool = await idleFor(10_000, 1);
    const [connection] = pool.driver.all;
    connection!.ping = 'hangs';
    const borrow = pool.ask();
    pool.clock.poll();
    pool.clock.poll();
    pool.clock.freeze(5_000);
    await pool.clock.settle();
    const [done] = connection!.asking;
    pool.driver.answer(connection!, done!);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
  });

  it('tries the next idle connection when no other can be opened', async () => {
    const pool = await idleFor(10_000, 2);
    const [silent, other] = pool.driver.all;
    silent!.ping = 'hangs';
    pool.driver.dials = 'fail';
    const borrow = pool.ask();
    await pool.clock.run(1_000);
    expect(borrow.connection).to.equal(other);
  });

  it('of several borrowers opens as many connections', async () => {
    const pool = await idleFor(10_000, 10);
    for (const connection of pool.driver.all) connection.ping = 'hangs';
    const borrows = pool.askFor(3);
    await pool.clock.run(1_000);
    expect(borrows.map(({ connection }) => connection?.id)).to.deep.equal([11, 12, 13]);
    expect(pool.guard.stats()).to.include({ pings: 3, idle: 6 });
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-timeout': 3, hedged: 1 });
  });

  it('that nobody waited for opens nothing in its place, then or later', async () => {
    const pool = await idleFor(10_000, 3);
    pool.driver.all[0]!.ping = 'hangs';
    void pool.guard.evictStale();
    await pool.clock.run(10_000);
    expect(pool.guard.stats()).to.include({ idle: 2, total: 2 });
    pool.askFor(2);
    expect(pool.guard.stats()).to.include({ validating: 2, opening: 0 });
  });
});
