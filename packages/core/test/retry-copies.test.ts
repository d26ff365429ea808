import { expect } from 'chai';
import { fateOf } from '../src/fates.ts';
import { recognizeCopy, recognizeRewording } from '../src/lost-statements.ts';
import { orAgain } from '../src/retry.ts';
import { driverError, type FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';
import { unwritten } from './support/sender.ts';

const INSERT = 'INSERT INTO t VALUES (1)';

/** What a promise makes of the driver's error. */
const copyOf = (error: { message: string; code?: string }): Error =>
  driverError(error.message, error.code === undefined ? {} : { code: error.code });

async function lost(): Promise<{ pool: Subject; connection: FakeConnection; copy: Error }> {
  const pool = open();
  const connection = await pool.borrow();
  const error = unwritten();
  pool.guard.watch.sent(connection, INSERT);
  pool.guard.watch.failed(connection, error, { sql: INSERT, reach: 'alone' });
  return { pool, connection, copy: copyOf(error) };
}

describe('a copy of the error of a lost statement', () => {
  it('means nothing by itself', async () => {
    expect(fateOf((await lost()).copy)).to.equal(undefined);
  });

  it('means the same once its connection is known, and lets the statement run again', async () => {
    const { pool, connection, copy } = await lost();
    recognizeCopy(copy, connection);
    expect(fateOf(copy)).to.include({ executed: 'no', repeatable: true });
    const again = orAgain(copy, () => Promise.resolve('done'));
    await pool.clock.settle();
    expect(await again).to.equal('done');
    expect(pool.guard.stats().retries).to.equal(1);
  });

  it('may be inside what an ORM made of it', async () => {
    const { connection, copy } = await lost();
    const wrapped = Object.assign(new Error('query failed'), { driverError: copy });
    recognizeCopy(wrapped, connection);
    expect(fateOf(wrapped)).to.include({ executed: 'no' });
  });

  it('is another error where it says something else, or comes from elsewhere', async () => {
    const { pool, connection, copy } = await lost();
    for (const other of [new Error('write ECONNRESET'), driverError('x', { code: 'ECONNRESET' })]) {
      recognizeCopy(other, connection);
      expect(fateOf(other)).to.equal(undefined);
    }
    recognizeCopy(copy, await pool.borrow());
    recognizeCopy(copy, undefined);
    recognizeCopy('write ECONNRESET', connection);
    recognizeCopy(null, connection);
    expect(fateOf(copy)).to.equal(undefined);
  });

  it('does not change what is known of an error already', async () => {
    const { connection, copy } = await lost();
    recognizeCopy(copy, connection);
    const known = fateOf(copy);
    recognizeCopy(copy, connection);
    expect(fateOf(copy)).to.equal(known);
  });
});

describe('the error that an ORM makes of a lost statement', () => {
  it('means the same once its connection is known, and is what the sender gets in the end', async () => {
    const { pool, connection } = await lost();
    const reworded = new Error('Database error.');
    recognizeRewording(reworded, connection);
    expect(fateOf(reworded)).to.include({ executed: 'no', repeatable: true });
    const ended = orAgain(
      reworded,
      () => Promise.resolve('done'),
      () => false,
    );
    const failure = ended.catch((error: unknown) => error);
    await pool.clock.settle();
    expect(await failure).to.equal(reworded);
  });

  it('is another error where its connection has lost nothing', async () => {
    const { pool, connection } = await lost();
    const other = new Error('Database error.');
    recognizeRewording(other, await pool.borrow());
    recognizeRewording('Database error.', connection);
    recognizeRewording(null, connection);
    expect(fateOf(other)).to.equal(undefined);
  });

  it('does not change what is known of an error already', async () => {
    const { connection, copy } = await lost();
    recognizeCopy(copy, connection);
    const known = fateOf(copy);
    recognizeRewording(copy, connection);
    expect(fateOf(copy)).to.equal(known);
  });
});
