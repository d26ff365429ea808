import { expect } from 'chai';
import type { FailedStatement } from '../src/executed.ts';
import { fateOf } from '../src/fates.ts';
import { givenUp } from '../src/server-failures.ts';
import { driverError, type FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';

const IN_TRANSACTION = 1;
const COMMIT: FailedStatement = { sql: 'COMMIT', reach: 'alone' };
const INSERT: FailedStatement = { sql: 'INSERT INTO t VALUES (1)', reach: 'alone' };
const reset = driverError('read ECONNRESET', { code: 'ECONNRESET' });
const readOnly = driverError('The server is running with --read-only', { errno: 1290 });
const syntax = driverError('You have an error in your SQL syntax', { errno: 1064 });

async function leased(): Promise<{ pool: Subject; connection: FakeConnection }> {
  const pool = open();
  return { pool, connection: await pool.borrow() };
}

describe('what passes on a lease', () => {
  it('ends silence and idle time', async () => {
    const { pool, connection } = await leased();
    pool.clock.advance(30_000);
    connection.bytes += 50;
    pool.guard.watch.answered(connection, undefined);
    const now = pool.clock.now();
    expect(pool.record(connection)).to.include({ heardAt: now, idleSince: now, bytesAtRest: 150 });
  });

  it('makes state known', async () => {
    const { pool, connection } = await leased();
    pool.guard.watch.sent(connection, 'SET @a = 1');
    pool.guard.watch.answered(connection, IN_TRANSACTION);
    const { session } = pool.record(connection);
    expect(session.state).to.deep.equal(['user variables']);
    expect(session.inTransaction).to.equal(true);
  });

  it('is an answer, too, when it is an ordinary error', async () => {
    const { pool, connection } = await leased();
    pool.guard.watch.sent(connection, 'COMMIT');
    pool.clock.advance(5_000);
    pool.guard.watch.failed(connection, syntax, COMMIT);
    expect(pool.record(connection)).to.include({ heardAt: pool.clock.now(), poisoned: false });
    expect(pool.record(connection).session.mayHaveCommitted).to.equal(false);
    expect(pool.events('failure')).to.deep.equal([]);
  });

  it('answers no statement when it was none of the application’s', async () => {
    const { pool, connection } = await leased();
    pool.guard.watch.sent(connection, 'COMMIT');
    pool.guard.watch.failed(connection, syntax);
    expect(pool.record(connection).session.mayHaveCommitted).to.equal(true);
  });

  it('may be that the session begins anew', async () => {
    const { pool, connection } = await leased();
    pool.guard.watch.sent(connection, 'SET @a = 1');
    pool.guard.watch.answered(connection, IN_TRANSACTION);
    pool.clock.advance(5_000);
    pool.guard.watch.restarted(connection, 'another user');
    const { session } = pool.record(connection);
    expect(session.inTransaction).to.equal(false);
    expect(session.state).to.deep.equal(['another user']);
    expect(pool.record(connection).heardAt).to.equal(pool.clock.now());
  });
});

describe('what passes on a connection that nobody leases', () => {
  it('ends silence, but is no use by the application', async () => {
    const { pool, connection } = await leased();
    pool.gate.release(connection);
    const { idleSince } = pool.record(connection);
    pool.clock.advance(5_000);
    pool.guard.watch.heard(connection);
    expect(pool.record(connection)).to.include({ idleSince, heardAt: pool.clock.now() });
  });

  it('creates no state', async () => {
    const { pool, connection } = await leased();
    pool.gate.release(connection);
    pool.guard.watch.sent(connection, 'SET @a = 1');
    pool.guard.watch.answered(connection, IN_TRANSACTION);
    pool.guard.watch.failed(connection, syntax, COMMIT);
    const { session } = pool.record(connection);
    expect([session.state, session.inTransaction]).to.deep.equal([[], false]);
  });

  it('may spoil it: it is not lent again', async () => {
    const { pool, connection } = await leased();
    pool.gate.release(connection);
    pool.guard.watch.failed(connection, reset, COMMIT);
    expect(await pool.borrow()).not.to.equal(connection);
    expect(pool.guard.stats().closed).to.deep.equal({ poisoned: 1 });
  });

  it('is told as a failed validation when it is our own ping that fails', async () => {
    const pool = open();
    const connection = await pool.fillOne();
    pool.clock.advance(10_000);
    pool.ask();
    pool.guard.watch.failed(connection, reset);
    expect(pool.events('failure')).to.deep.equal([]);
  });
});

describe('a failure', () => {
  it('of the connection spoils it, and is told', async () => {
    const { pool, connection } = await leased();
    pool.guard.watch.failed(connection, reset, COMMIT);
    expect(pool.record(connection).poisoned).to.equal(true);
    expect(pool.events('failure')[0]).to.deep.include({
      connection: { id: 1, ageMs: 0, idleMs: 0, silentMs: 0 },
      scope: 'connection',
      executed: 'unknown',
      error: reset,
    });
  });

  it('of the whole generation closes all that were opened before', async () => {
    const pool = open();
    const [first, second, idle] = await pool.fill(3);
    pool.askFor(2);
    await pool.clock.settle();
    pool.guard.watch.failed(first!, readOnly, INSERT);
    expect(pool.driver.retired).to.deep.equal([idle]);
    for (const connection of [first!, second!]) pool.gate.release(connection);
    expect(pool.guard.stats()).to.deep.include({
      closed: { generation: 2, poisoned: 1 },
      total: 0,
    });
    expect(pool.events('failure')[0]).to.include({ scope: 'generation', executed: 'no' });
  });

  it('of the generation closes them at most every ten seconds: a replica is always read-only', async () => {
    const pool = open();
    const dropsAfter = async (ms: number): Promise<number> => {
      pool.clock.advance(ms);
      const lent = await pool.borrow();
      pool.guard.watch.failed(lent, readOnly, COMMIT);
      return pool.guard.roster.health.generation;
    };
    expect(await dropsAfter(0)).to.equal(1);
    expect(await dropsAfter(9_999)).to.equal(1);
    expect(await dropsAfter(1)).to.equal(2);
  });

  it('changes nothing in observe mode, but is told', () => {
    const pool = open({ enabled: 'observe' }, (driver) => void driver.adopt('idle'));
    pool.guard.watch.failed(pool.driver.all[0]!, readOnly, COMMIT);
    expect(pool.driver.all).to.have.length(1);
    expect(pool.events('failure')).to.have.length(1);
  });
});

describe('a connection that is not known', () => {
  it('may send, answer and fail as it likes', () => {
    const pool = open();
    const { watch } = pool.guard;
    const stranger = pool.driver.adopt('lent');
    watch.sent(stranger, 'SET @a = 1');
    watch.heard(stranger);
    watch.answered(stranger, IN_TRANSACTION);
    watch.restarted(stranger);
    watch.failed(stranger, readOnly, COMMIT);
    expect(pool.heard).to.deep.equal([]);
    expect(pool.guard.roster.get(stranger)).to.equal(undefined);
  });
});

describe('a plain read whose client gave up waiting', () => {
  it('is not wanted once more, whatever the user allows: the server may still be at it', async () => {
    const pool = open({ retry: 'reads' }, (driver) => {
      driver.failures = () => ({ byErrno: { 45026: givenUp('it took too long') }, byCode: {} });
    });
    const connection = await pool.borrow();
    const sql = 'SELECT 1';
    const timeout = driverError('timeout', { errno: 45026 });
    pool.guard.watch.sent(connection, sql);
    pool.guard.watch.failed(connection, timeout, { sql, reach: 'alone' });
    expect(fateOf(timeout)).to.include({ executed: 'unknown', repeatable: false });
  });
});
