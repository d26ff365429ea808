import { eachServer, failureOf, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { ConnectionOptions, Pool, PoolConnection } from 'mysql2';
import { ask, askOne, borrow, execute, said, within } from './support/calls.ts';
import { knowsReset } from './support/driver.ts';
import { parityOn } from './support/same.ts';

describe('sessions', () => {
  eachServer((server, flavour) => {
    const { same } = parityOn(server);

    before('create another user', async () => {
      await server().query(`CREATE USER IF NOT EXISTS ${OTHER}@'%' IDENTIFIED BY 'secret'`);
      await server().query(`GRANT SELECT ON *.* TO ${OTHER}@'%'`);
    });
    after('drop the other user', () => server().query(`DROP USER ${OTHER}@'%'`));

    same(
      'of changeUser stay changed for the next borrower',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        await changeUser(connection, { user: OTHER, password: 'secret' });
        const first = await askOne(connection, 'SELECT CURRENT_USER()');
        connection.release();
        return [first, await askOne(pool, 'SELECT CURRENT_USER()'), journal.counts()];
      },
      (bare) => expect(bare.slice(0, 2)).to.deep.equal([`${OTHER}@%`, `${OTHER}@%`]),
    );

    same(
      'are lost when changeUser fails, and the pool goes on',
      { connectionLimit: 1, lifeguard: {} },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        const error = await failureOf(changeUser(connection, { user: OTHER, password: 'wrong' }));
        // MySQL hangs up after that, MariaDB does not.
        if (flavour === 'mysql') await waitUntil(() => within(connection).stream.destroyed);
        connection.release();
        const { code, errno } = said(error);
        // Old versions of mysql2 also use the wrong password for every later dial.
        const next = await askOne(pool, 'SELECT 1').catch((failed: Error) => failed.message);
        return [code, errno, next, journal.lines.slice(0, 2)];
      },
      (bare) => expect(bare.slice(0, 2)).to.deep.equal(['ER_ACCESS_DENIED_ERROR', 1045]),
    );

    same(
      'keep their variables, their temporary tables and their default database',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const connection = await borrow(pool);
        await ask(connection, 'SET @word = "kept", SESSION sort_buffer_size = 65536');
        await ask(connection, 'CREATE TEMPORARY TABLE scratch AS SELECT 5 AS five');
        await ask(connection, 'USE information_schema');
        connection.release();
        return [
          await askOne(pool, 'SELECT @word'),
          await askOne(pool, 'SELECT @@sort_buffer_size'),
          await askOne(pool, 'SELECT DATABASE()'),
        ];
      },
      (bare) => expect(bare).to.deep.equal(['kept', 65536, 'information_schema']),
    );

    same(
      'commit and roll back',
      { connectionLimit: 2 },
      async ({ pool }) => {
        await makeNotes(pool);
        for (const [word, act] of [['kept', 'commit'] as const, ['gone', 'rollback'] as const]) {
          const connection = await borrow(pool);
          await called((done) => connection.beginTransaction(done));
          await execute(connection, 'INSERT INTO notes VALUES (?)', [word]);
          await called((done) => connection[act](done));
          connection.release();
        }
        return ask(pool, 'SELECT word FROM notes');
      },
      (bare) => expect(bare).to.deep.equal([{ word: 'kept' }]),
    );

    same(
      'with an open transaction roll it back when their connection is destroyed',
      { connectionLimit: 1 },
      async ({ pool }) => {
        await makeNotes(pool);
        const connection = await borrow(pool);
        await ask(connection, 'START TRANSACTION');
        await ask(connection, 'INSERT INTO notes VALUES ("lost")');
        connection.destroy();
        return ask(pool, 'SELECT word FROM notes FOR UPDATE');
      },
      (bare) => expect(bare).to.deep.equal([]),
    );

    same(
      'are reset at release by resetOnRelease, where the driver knows it',
      { connectionLimit: 1, ...(knowsReset ? { resetOnRelease: true } : {}) },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        const thread = connection.threadId;
        await ask(connection, 'SET @word = "forgotten"');
        connection.release();
        journal.note('released');
        const waiter = borrow(pool);
        const next = await waiter;
        const word = await askOne(next, 'SELECT @word');
        next.release();
        return [word, next.threadId === thread, journal.lines];
      },
      (bare) => expect(bare[1]).to.equal(true),
    );
  });
});

const OTHER = 'lifeguard_other';

async function makeNotes(pool: Pool): Promise<void> {
  await ask(pool, 'DROP TABLE IF EXISTS notes');
  await ask(pool, 'CREATE TABLE notes (word VARCHAR(20))');
}

function changeUser(connection: PoolConnection, options: ConnectionOptions): Promise<void> {
  return called((done) => connection.changeUser(options, done));
}

function called(run: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())));
}
