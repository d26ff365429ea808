import { expect } from 'chai';
import type { FailedStatement } from '../src/executed.ts';
import type { DriverError } from '../src/failures.ts';
import { fateOf, type Fate } from '../src/fates.ts';
import type { LifeguardOptions } from '../src/options.ts';
import { driverError, type FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';
import { cutOff, readOnly, unwritten } from './support/sender.ts';

const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;
const INSERT = 'INSERT INTO t VALUES (1)';

/** What happened on the lease before. */
type Before = (pool: Subject, connection: FakeConnection) => void;
const nothing: Before = () => {};
const ran =
  (sql: string, status = AUTOCOMMIT): Before =>
  (pool, connection) =>
    pool.query(connection, sql, status);

interface Circumstances extends LifeguardOptions {
  readonly before?: Before;
  readonly reach?: FailedStatement['reach'];
}

/** A statement on a lease fails like that: what is known of it then. */
async function fate(
  sql: string,
  error: DriverError,
  { before = nothing, reach = 'alone', ...options }: Circumstances = {},
): Promise<Fate | undefined> {
  const pool = open(options);
  const connection = await pool.borrow();
  before(pool, connection);
  pool.guard.watch.sent(connection, sql);
  pool.guard.watch.failed(connection, error, { sql, reach });
  return fateOf(error);
}

const gone = (): DriverError => driverError('closed for inactivity', { errno: 4031 });

describe('the fate of a statement that was lost', () => {
  it('tells what is known of it', async () => {
    expect(await fate(INSERT, unwritten())).to.deep.equal({
      ...{ executed: 'no', scope: 'connection', repeatable: true },
      connection: { id: 1, ageMs: 0, idleMs: 0, silentMs: 0 },
    });
    expect(await fate(INSERT, readOnly())).to.include({ executed: 'no', scope: 'generation' });
    expect(await fate(INSERT, cutOff())).to.include({ executed: 'unknown', repeatable: false });
  });

  it('is the same in the event', async () => {
    const pool = open();
    const connection = await pool.borrow();
    pool.guard.watch.failed(connection, unwritten(), { sql: INSERT, reach: 'alone' });
    expect(pool.events('failure')[0]).to.include({ executed: 'no' });
  });

  it('is not known where the server began to answer', async () => {
    const before: Before = (pool, connection) => {
      pool.query(connection);
      connection.bytes++;
    };
    expect(await fate(INSERT, unwritten(), { before })).to.include({ executed: 'unknown' });
  });

  it('is none where the error is an ordinary answer', async () => {
    const syntax = driverError('You have an error in your SQL syntax', { errno: 1064 });
    expect(await fate('SELEKT 1', syntax)).to.equal(undefined);
  });

  it('is none where it was no statement of the application’s', async () => {
    const pool = open();
    const error = unwritten();
    pool.guard.watch.failed(await pool.borrow(), error);
    expect(fateOf(error)).to.equal(undefined);
  });
});

const RULES: readonly [
  topic: string,
  repeatable: boolean,
  sql: string,
  error: () => DriverError,
  circumstances?: Circumstances,
][] = [
  ['after a failed write', true, INSERT, unwritten],
  ['where the server had closed the session before', true, INSERT, gone],
  ['where it was never sent', true, INSERT, cutOff, { reach: 'unsent' }],
  ['where a read-only server refused it', true, INSERT, readOnly],
  ['after a statement that left nothing', true, INSERT, unwritten, { before: ran('SELECT 1') }],
  ['that would create state of a session', true, 'SET @a = 1', unwritten],
  ['that begins a transaction', true, 'BEGIN', unwritten],

  ['that may have run', false, INSERT, cutOff],
  ['that may have been refused in part', false, 'CALL p()', readOnly],
  ['with retry: false', false, INSERT, unwritten, { retry: false }],
  ['with retry: false, a read', false, 'SELECT 1', gone, { retry: false }],
  [
    'inside a transaction',
    false,
    INSERT,
    unwritten,
    { before: ran('BEGIN', AUTOCOMMIT | IN_TRANSACTION) },
  ],
  ['without autocommit', false, INSERT, unwritten, { before: ran('SET autocommit = 0', 0) }],
  ['with state of its session', false, INSERT, unwritten, { before: ran('SET @a = 1') }],
  ['that reads its session', false, 'SELECT LAST_INSERT_ID()', unwritten],
  ['that is one of several', false, INSERT, cutOff, { reach: 'among others' }],
  ['that is a part', false, INSERT, gone, { reach: 'as a part' }],

  ['that only reads, by default', false, 'SELECT 1', cutOff],
  ['that only reads, if the user says so', true, 'SELECT 1', cutOff, { retry: 'reads' }],
  ['that was not executed, then too', true, INSERT, unwritten, { retry: 'reads' }],
  ['that writes', false, INSERT, cutOff, { retry: 'reads' }],
  ['that might do more than read', false, 'SELECT f()', cutOff, { retry: 'reads' }],
  [
    'that only reads, inside a transaction',
    false,
    'SELECT 1',
    cutOff,
    { retry: 'reads', before: ran('BEGIN', AUTOCOMMIT | IN_TRANSACTION) },
  ],
  [
    'that only reads, with state of its session',
    false,
    'SELECT 1',
    cutOff,
    { retry: 'reads', before: ran('CREATE TEMPORARY TABLE t (a INT)') },
  ],
];

describe('a statement', () => {
  for (const [topic, repeatable, sql, error, circumstances] of RULES) {
    it(`${repeatable ? 'may' : 'may not'} run again ${topic}`, async () => {
      expect(await fate(sql, error(), circumstances)).to.include({ repeatable });
    });
  }

  it('may run again on the lease after one with state of its session', async () => {
    const pool = open();
    const connection = await pool.borrow();
    pool.query(connection, 'SET @a = 1', AUTOCOMMIT);
    pool.gate.release(connection);
    expect(await pool.borrow()).to.equal(connection);
    const error = unwritten();
    pool.guard.watch.sent(connection, INSERT);
    pool.guard.watch.failed(connection, error, { sql: INSERT, reach: 'alone' });
    expect(fateOf(error)).to.include({ repeatable: true });
  });
});

describe('statements that were under way together', () => {
  /** Two of them on one connection are lost with these errors. */
  async function lose(first: DriverError, second: DriverError): Promise<(Fate | undefined)[]> {
    const pool = open({ retry: 'reads' });
    const connection = await pool.borrow();
    const { watch } = pool.guard;
    for (const sql of ['SELECT 1', 'SELECT 2']) watch.sent(connection, sql);
    watch.failed(connection, first, { sql: 'SELECT 1', reach: 'alone' });
    watch.failed(connection, second, { sql: 'SELECT 2', reach: 'unsent' });
    return [fateOf(first), fateOf(second)];
  }

  it('may not run again, even those that did not run', async () => {
    const [first, second] = await lose(cutOff(), cutOff());
    expect(first).to.include({ executed: 'unknown', repeatable: false });
    expect(second).to.include({ executed: 'no', repeatable: false });
  });

  it('may not run again where they share their error: one of them may have run', async () => {
    const shared = cutOff();
    const [first, second] = await lose(shared, shared);
    expect(first).to.equal(second);
    expect(first).to.include({ executed: 'unknown', repeatable: false });
  });
});
