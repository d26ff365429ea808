import { expect } from 'chai';
import { open, type Subject } from './support/open.ts';
import type { Done, FakeConnection } from './support/fake-connection.ts';
import type { FakeDriver } from './support/fake-driver.ts';

/** A pool that resets sessions at release; each reset waits in `resets` to be answered. */
async function resetting(): Promise<{
  pool: Subject;
  connection: FakeConnection;
  resets: Done[];
}> {
  const resets: Done[] = [];
  const prepare = (driver: FakeDriver): void => {
    driver.size = 1;
    driver.reset = (_, done) => void resets.push(done);
  };
  const pool = open({}, prepare);
  const connection = await pool.borrow();
  pool.driver.told.length = 0;
  return { pool, connection, resets };
}

describe('a pool that resets sessions at release', () => {
  it('puts a connection back once it is reset', async () => {
    const { pool, connection, resets } = await resetting();
    pool.gate.release(connection);
    expect(pool.driver.free).to.deep.equal([]);
    resets[0]!(null);
    expect(pool.driver.free).to.deep.equal([connection]);
    expect(pool.driver.told).to.deep.equal(['release 1']);
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('gives it to who waits once it is reset', async () => {
    const { pool, connection, resets } = await resetting();
    const borrow = pool.ask();
    pool.gate.release(connection);
    await pool.clock.settle();
    expect(borrow.answers).to.equal(0);
    resets[0]!(null);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connection);
  });

  it('closes it when that fails', async () => {
    const { pool, connection, resets } = await resetting();
    const borrow = pool.ask();
    pool.gate.release(connection);
    resets[0]!(new Error('not now'));
    await pool.clock.settle();
    expect(pool.guard.stats().closed).to.deep.equal({ 'reset-failed': 1 });
    expect(borrow.connection).to.have.property('id', 2);
  });

  it('closes it when that takes longer than validationTimeout', async () => {
    const { pool, connection, resets } = await resetting();
    const borrow = pool.ask();
    pool.gate.release(connection);
    await pool.clock.run(1_000);
    expect(pool.guard.stats().closed).to.deep.equal({ 'reset-failed': 1 });
    expect(borrow.connection).to.have.property('id', 2);
    resets[0]!(null);
    await pool.clock.settle();
    expect(pool.guard.stats()).to.include({ idle: 0, lent: 1, total: 1 });
  });

  it('resets once, however often it is released', async () => {
    const { pool, connection, resets } = await resetting();
    pool.gate.release(connection);
    pool.gate.release(connection);
    expect(resets).to.have.length(1);
  });

  it('resets nothing that it closes', async () => {
    const { pool, connection, resets } = await resetting();
    pool.guard.evictAll();
    pool.gate.release(connection);
    for (const done of resets) done(null);
    await pool.clock.settle();
    expect(pool.guard.stats().closed).to.deep.equal({ generation: 1 });
  });

  it('lets a command that still runs end first', async () => {
    const { pool, connection, resets } = await resetting();
    connection.busy = true;
    connection.ping = 'hangs';
    pool.gate.release(connection);
    await pool.clock.run(5_000);
    expect(resets).to.deep.equal([]);
    connection.busy = false;
    for (const done of connection.asking) pool.driver.answer(connection, done);
    await pool.clock.settle();
    expect(resets).to.have.length(1);
  });

  it('closes it when its generation is dropped meanwhile', async () => {
    const { pool, connection, resets } = await resetting();
    const borrow = pool.ask();
    pool.gate.release(connection);
    pool.guard.evictAll();
    resets[0]!(null);
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
  });

  it('may find it dropped by the driver meanwhile', async () => {
    const { pool, connection, resets } = await resetting();
    pool.gate.release(connection);
    pool.driver.drop(connection);
    resets[0]!(null);
    await pool.clock.settle();
    expect(pool.guard.stats()).to.include({ total: 0, idle: 0, lent: 0 });
    expect(pool.clock.pending('busy')).to.equal(0);
  });
});
