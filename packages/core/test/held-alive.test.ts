import { expect } from 'chai';
import { ticks } from './support/fake-clock.ts';
import type { FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';

/** A connection that somebody holds, and did nothing with for so long. */
async function heldFor(ms: number): Promise<{ pool: Subject; connection: FakeConnection }> {
  const pool = open();
  const connection = await pool.borrow();
  pool.clock.advance(ms);
  pool.heard.length = 0;
  return { pool, connection };
}

describe('a held connection', () => {
  it('is kept at once while it was used a moment ago', async () => {
    const { pool, connection } = await heldFor(499);
    expect(pool.guard.held.check(connection, 'SELECT 1')).to.equal('keep');
    expect(pool.guard.stats()).to.include({ looks: 0, pings: 0 });
  });

  it('is kept after a look that finds it alive', async () => {
    const { pool, connection } = await heldFor(1_000);
    const answer = pool.guard.held.check(connection, 'SELECT 1');
    expect(answer).to.be.a('promise');
    await pool.clock.settle();
    expect(await answer).to.equal('keep');
    expect(pool.guard.stats()).to.include({ looks: 1, pings: 0, lent: 1 });
  });

  it('is kept after a ping that is answered', async () => {
    const { pool, connection } = await heldFor(10_000);
    const answer = pool.guard.held.check(connection, 'SELECT 1');
    await pool.clock.settle();
    expect(await answer).to.equal('keep');
    expect(pool.guard.stats().pings).to.equal(1);
  });

  it('is moved after a look that finds it dead', async () => {
    const { pool, connection } = await heldFor(1_000);
    pool.driver.kill(connection);
    const answer = pool.guard.held.check(connection, 'SELECT 1');
    await pool.clock.settle();
    expect(await answer).to.equal('move');
  });

  for (const ping of ['fails', 'hangs'] as const) {
    it(`is moved after a ping that ${ping}`, async () => {
      const { pool, connection } = await heldFor(10_000);
      connection.ping = ping;
      const answer = pool.guard.held.check(connection, 'SELECT 1');
      await pool.clock.run(1_000);
      expect(await answer).to.equal('move');
      expect(pool.driver.discarded).to.deep.equal([connection]);
    });
  }

  it('is not judged by its age or its generation: its holder keeps it', async () => {
    const { pool, connection } = await heldFor(0);
    pool.record(connection).retireAt = 0;
    pool.guard.evictAll();
    expect(pool.guard.held.check(connection, 'SELECT 1')).to.equal('keep');
  });

  it('with a command under way is the driver’s business', async () => {
    const { pool, connection } = await heldFor(10_000);
    Object.assign(connection, { busy: true, flaw: 'closed' });
    expect(pool.guard.held.check(connection, 'SELECT 1')).to.equal('keep');
  });

  it('whose command begins during the look is not taken for dead by its answer', async () => {
    const { pool, connection } = await heldFor(1_000);
    const first = pool.guard.held.check(connection, 'SELECT 1');
    pool.clock.poll();
    const second = pool.guard.held.check(connection, 'SELECT 2');
    pool.clock.poll();
    await ticks();
    expect(await first).to.equal('keep');
    connection.busy = true;
    pool.clock.arrive(() => (connection.bytes += 16_384));
    await pool.clock.settle();
    expect(await second).to.equal('keep');
  });

  it('that was released is nobody’s any more', async () => {
    const { pool, connection } = await heldFor(0);
    pool.gate.release(connection);
    connection.flaw = 'closed';
    expect(pool.guard.held.check(connection, 'SELECT 1')).to.equal('keep');
  });

  it('that is not known is kept', async () => {
    const pool = open();
    const stranger = pool.driver.adopt('lent');
    stranger.flaw = 'closed';
    expect(pool.guard.held.check(stranger, 'SELECT 1')).to.equal('keep');
  });

  it('of before the guard is pinged first', async () => {
    const pool = open({}, (driver) => void driver.adopt('lent'));
    const [connection] = pool.driver.all;
    const answer = pool.guard.held.check(connection!, 'SELECT 1');
    await pool.clock.settle();
    expect(await answer).to.equal('keep');
    expect(pool.guard.stats()).to.include({ pings: 1, looks: 0 });
  });
});
