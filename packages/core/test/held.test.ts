import { expect } from 'chai';
import type { LifeguardError } from '../src/errors.ts';
import type { HeldVerdict } from '../src/held.ts';
import type { FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';

const IN_TRANSACTION = 3;
const AUTOCOMMIT = 2;

/** A connection that somebody holds, and what he did on it. */
async function held(
  ...statements: string[]
): Promise<{ pool: Subject; connection: FakeConnection }> {
  const pool = open();
  const connection = await pool.borrow();
  for (const sql of statements) {
    pool.guard.watch.sent(connection, sql);
    pool.guard.watch.answered(connection, /^begin/i.test(sql) ? IN_TRANSACTION : undefined);
  }
  return { pool, connection };
}

/** What the holder of a dead connection is told. */
async function toldOf(sql: string | undefined, ...before: string[]): Promise<string> {
  const { pool, connection } = await held(...before);
  connection.flaw = 'closed';
  return told(pool.guard.held.check(connection, sql));
}

async function told(answer: HeldVerdict | Promise<HeldVerdict>): Promise<string> {
  try {
    return await answer;
  } catch (error) {
    return (error as LifeguardError).code;
  }
}

const LOST = 'LIFEGUARD_TRANSACTION_LOST';
const SESSION = 'LIFEGUARD_SESSION_LOST';

describe('the holder of a dead connection', () => {
  for (const [expected, sql, ...before] of [
    ['move', 'SELECT 1'],
    ['move', undefined],
    ['move', 'BEGIN'],
    ['move', 'SELECT CONNECTION_ID()'],
    ['move', 'ROLLBACK'],
    ['move', 'SELECT 1', 'SELECT 2', 'INSERT INTO t VALUES (1)'],
    ['move', 'SELECT 1', 'LOCK TABLES t WRITE', 'UNLOCK TABLES'],
    [LOST, 'SELECT 1', 'BEGIN'],
    [LOST, 'COMMIT', 'BEGIN'],
    [LOST, undefined, 'BEGIN'],
    [LOST, 'BEGIN', 'BEGIN'],
    [LOST, 'ROLLBACK TO SAVEPOINT a', 'BEGIN', 'SAVEPOINT a'],
    [LOST, 'SELECT LAST_INSERT_ID()', 'BEGIN'],
    [LOST, 'SELECT 1', 'SET @a = 1', 'BEGIN'],
    ['move', 'ROLLBACK', 'BEGIN'],
    [SESSION, 'SELECT 1', 'SET @a = 1'],
    [SESSION, undefined, 'SET @a = 1'],
    [SESSION, 'BEGIN', 'CREATE TEMPORARY TABLE t (id INT)'],
    [SESSION, 'BEGIN', 'SET TRANSACTION READ ONLY'],
    [SESSION, 'SELECT LAST_INSERT_ID()'],
    [SESSION, 'SELECT LAST_INSERT_ID()', 'USE shop'],
    [SESSION, 'SHOW WARNINGS'],
    [SESSION, 'SELECT @a'],
    ['move', 'ROLLBACK', 'SET @a = 1'],
  ] as const) {
    const history = before.length > 0 ? ` after ${before.join(', ')}` : '';
    it(`is told ${expected} at ${sql ?? 'an unknown statement'}${history}`, async () => {
      expect(await toldOf(sql, ...before)).to.equal(expected);
    });
  }

  it('is told that the end of his transaction is not known while a COMMIT has no answer', async () => {
    const { pool, connection } = await held('BEGIN');
    pool.guard.watch.sent(connection, 'COMMIT');
    connection.flaw = 'closed';
    const answer = pool.guard.held.check(connection, 'SELECT 1');
    expect(await told(answer)).to.equal('LIFEGUARD_TRANSACTION_UNKNOWN');
  });

  it('is told nothing of a transaction that had ended', async () => {
    const { pool, connection } = await held('BEGIN');
    pool.guard.watch.sent(connection, 'COMMIT');
    pool.guard.watch.answered(connection, AUTOCOMMIT);
    connection.flaw = 'closed';
    expect(await told(pool.guard.held.check(connection, 'SELECT 1'))).to.equal('move');
  });

  it('is told what is lost', async () => {
    const { pool, connection } = await held('SET @a = 1', 'USE shop');
    connection.flaw = 'closed';
    const answer = pool.guard.held.check(connection, 'SHOW WARNINGS') as Promise<HeldVerdict>;
    const error = (await answer.catch((reason: unknown) => reason)) as Error;
    expect(error.message).to.include(
      'user variables, the default database, what earlier statements left in the session.',
    );
    expect(error.message).to.match(/This statement was not sent; the next one runs on a fresh/);
  });

  it('is told of nothing but his transaction where nothing else is lost', async () => {
    const { pool, connection } = await held('BEGIN');
    connection.flaw = 'closed';
    const answer = pool.guard.held.check(connection, 'SELECT 1') as Promise<HeldVerdict>;
    const error = (await answer.catch((reason: unknown) => reason)) as Error;
    expect(error.message).to.match(/run the whole transaction again\.$/);
  });

  it('is told what is lost beside his transaction', async () => {
    const { pool, connection } = await held('SET @a = 1', 'BEGIN');
    connection.flaw = 'closed';
    const answer = pool.guard.held.check(connection, 'SELECT 1') as Promise<HeldVerdict>;
    const error = (await answer.catch((reason: unknown) => reason)) as Error;
    expect(error.message).to.match(
      /nothing of it is stored.* Lost with the session: user variables/,
    );
  });
});

describe('a dead held connection', () => {
  it('is closed and counted when its holder moves on', async () => {
    const { pool, connection } = await held();
    connection.flaw = 'closed';
    await pool.guard.held.check(connection, 'SELECT 1');
    expect(pool.driver.discarded).to.deep.equal([connection]);
    expect(pool.guard.stats()).to.deep.include({ moved: 1, lost: 0, closed: { closed: 1 } });
    expect(pool.events('moved')).to.have.length(1);
  });

  it('is counted once for statements of the same moment', async () => {
    const { pool, connection } = await held();
    connection.flaw = 'closed';
    const { held: guarded } = pool.guard;
    await Promise.all([1, 2, 3].map((id) => told(guarded.check(connection, `SELECT ${id}`))));
    expect(pool.guard.stats()).to.include({ moved: 1, lost: 0 });
    expect(pool.events('moved')).to.have.length(1);
  });

  it('is told as lost once: transaction or session', async () => {
    for (const [before, what] of [
      ['BEGIN', 'transaction'],
      ['SET @a = 1', 'session'],
    ] as const) {
      const { pool, connection } = await held(before);
      connection.flaw = 'closed';
      const checks = [1, 2].map(() => told(pool.guard.held.check(connection, 'SELECT 1')));
      await Promise.all(checks);
      expect(pool.guard.stats()).to.include({ moved: 0, lost: 1 });
      expect(pool.events('lost').map((event) => event.what)).to.deep.equal([what]);
    }
  });

  it('may have been dropped by the driver before', async () => {
    const { pool, connection } = await held();
    pool.driver.drop(connection);
    expect(await told(pool.guard.held.check(connection, 'SELECT 1'))).to.equal('move');
    expect(pool.guard.stats().closed).to.deep.equal({ removed: 1 });
  });
});

describe('what a rollback leaves untold', () => {
  it('is told at the next statement, on whatever connection the holder has then', async () => {
    const { pool, connection } = await held('SET @a = 1', 'BEGIN');
    const holder = {};
    connection.flaw = 'closed';
    expect(await told(pool.guard.held.check(connection, 'ROLLBACK', holder))).to.equal('move');
    const fresh = await pool.borrow();
    expect(await told(pool.guard.held.check(fresh, 'SELECT 1', holder))).to.equal(SESSION);
    expect(pool.guard.held.check(fresh, 'SELECT 1', holder)).to.equal('keep');
    expect(pool.guard.stats()).to.include({ moved: 1, lost: 1 });
  });

  it('is nothing where only the transaction is lost', async () => {
    const { pool, connection } = await held('BEGIN');
    const holder = {};
    connection.flaw = 'closed';
    await pool.guard.held.check(connection, 'ROLLBACK', holder);
    const fresh = await pool.borrow();
    expect(pool.guard.held.check(fresh, 'SELECT 1', holder)).to.equal('keep');
  });

  it('is nobody else’s business', async () => {
    const { pool, connection } = await held('SET @a = 1', 'BEGIN');
    connection.flaw = 'closed';
    await pool.guard.held.check(connection, 'ROLLBACK', {});
    const fresh = await pool.borrow();
    expect(pool.guard.held.check(fresh, 'SELECT 1', {})).to.equal('keep');
  });
});
