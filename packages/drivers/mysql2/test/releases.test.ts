import { eachServer, turns } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Pool, PoolConnection } from 'mysql2';
import { ask, askOne, borrow, inside, within } from './support/calls.ts';
import { parityOn, UNDOUBTED } from './support/same.ts';
import { untilClients } from './support/server-side.ts';

describe('giving connections back', () => {
  eachServer((server) => {
    const { same, better } = parityOn(server);

    better(
      'twice lends the connection once only, as newer versions of mysql2 do by themselves',
      { connectionLimit: 2 },
      async ({ pool, journal }) => {
        const first = await borrow(pool);
        const guardsItself = within(first)._released !== undefined;
        first.release();
        first.release();
        const two = await Promise.all([borrow(pool), borrow(pool)]);
        return { guardsItself, lent: new Set(two).size, releases: journal.counts()['release'] };
      },
      (bare, guarded, way) => {
        expect(guarded.lent, way).to.equal(2);
        expect(guarded.releases, way).to.equal(1);
        const once = bare.guardsItself;
        expect([bare.lent, bare.releases]).to.deep.equal(once ? [2, 1] : [1, 2]);
      },
    );

    same(
      'twice, with a lease of somebody else in between, is a release of that lease',
      { connectionLimit: 1, lifeguard: UNDOUBTED },
      async ({ pool, journal }) => {
        const first = await borrow(pool);
        first.release();
        const second = await borrow(pool);
        first.release();
        return [second === first, journal.counts(), inside(pool)._freeConnections.length];
      },
      (bare) => expect(bare[2]).to.equal(1),
    );

    same(
      'after destroy() does nothing',
      { connectionLimit: 1 },
      async ({ pool, journal, options }) => {
        const connection = await borrow(pool);
        connection.destroy();
        connection.release();
        await untilClients(server(), options.database, 0);
        return [inside(pool)._allConnections.length, journal.counts()];
      },
      (bare) => expect(bare).to.deep.equal([0, { connection: 1, acquire: 1 }]),
    );

    same(
      'by destroy() lets a waiter have a fresh one',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        const waiter = askOne(pool, 'SELECT 1');
        connection.destroy();
        return [await waiter, journal.lines];
      },
      (bare) =>
        expect(bare).to.deep.equal([
          1,
          ['connection c1', 'acquire c1', 'enqueue', 'connection c2', 'acquire c2', 'release c2'],
        ]),
    );

    same(
      'inside the answer to a query, and to a failed one',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        for (const sql of ['SELECT 1', 'nonsense', 'DO 1']) {
          const connection = await borrow(pool);
          await new Promise<void>((resolve) => {
            connection.query(sql, () => {
              connection.release();
              journal.note('answered');
              resolve();
            });
          });
        }
        return [await askOne(pool, 'SELECT 2'), journal.lines];
      },
      (bare) => expect(bare[0]).to.equal(2),
    );

    same(
      'inside the answer, followed by a borrow there',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const answers: unknown[] = [];
        for (const sql of ['SELECT 1', 'nonsense']) {
          const connection = await borrow(pool);
          const again = await answerThenBorrow(pool, connection, sql);
          answers.push(await askOne(again, 'SELECT 3'), again === connection);
          again.release();
        }
        return answers;
      },
      (bare) => expect(bare).to.deep.equal([3, true, 3, true]),
    );

    same(
      'early, while statements still run, lets them finish before those of the next borrower',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        const early = ['SELECT SLEEP(0.02), 1', 'SELECT 2'].map((sql) => {
          return askOne(connection, sql).then(() => journal.note(sql));
        });
        connection.release();
        const next = askOne(pool, 'SELECT 3').then(() => journal.note('SELECT 3'));
        await Promise.all([...early, next]);
        return journal.lines.filter((line) => line.startsWith('SELECT'));
      },
      (bare) => expect(bare).to.deep.equal(['SELECT SLEEP(0.02), 1', 'SELECT 2', 'SELECT 3']),
    );

    same(
      'early, to one who waits already',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        const waiter = borrow(pool);
        const slow = ask(connection, 'SELECT SLEEP(0.02)').then(() => journal.note('slow'));
        connection.release();
        const next = ask(await waiter, 'SELECT 1').then(() => journal.note('next'));
        await Promise.all([slow, next]);
        return journal.lines;
      },
      (bare) => expect(bare.slice(-2)).to.deep.equal(['slow', 'next']),
    );

    same(
      'through pool.releaseConnection()',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        pool.releaseConnection(await borrow(pool));
        const again = await borrow(pool);
        pool.releaseConnection(again);
        return [journal.lines, inside(pool)._freeConnections.length];
      },
      (bare) => expect(bare[1]).to.equal(1),
    );

    same(
      'through conn.end(), which warns and releases',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        connection.on('warn', (warning: Error) => journal.note(warning.message.slice(0, 18)));
        await quietly(() => connection.end());
        await turns();
        const again = await borrow(pool);
        return [journal.lines, again === connection, await askOne(again, 'SELECT 1')];
      },
      (bare) => {
        expect(bare.slice(1)).to.deep.equal([true, 1]);
        expect(bare[0]).to.include('Calling conn.end()');
      },
    );

    same(
      'through conn.end() with gracefulEnd, which closes where the driver knows it',
      { connectionLimit: 1, gracefulEnd: true },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        await quietly(() => connection.end());
        const again = await borrow(pool);
        return [again === connection, journal.counts(), await askOne(again, 'SELECT 1')];
      },
      (bare) => expect(bare[2]).to.equal(1),
    );

    same(
      'by Symbol.dispose where the driver has it',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        if (Symbol.dispose in connection) connection[Symbol.dispose]();
        else (connection as PoolConnection).release();
        return [journal.lines, await askOne(pool, 'SELECT 1')];
      },
      (bare) => expect(bare[1]).to.equal(1),
    );
  });
});

function answerThenBorrow(
  pool: Pool,
  connection: PoolConnection,
  sql: string,
): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    connection.query(sql, () => {
      connection.release();
      borrow(pool).then(resolve, reject);
    });
  });
}

/** Without the driver's own complaint on the terminal. */
async function quietly(run: () => void): Promise<void> {
  const { warn } = console;
  console.warn = () => {};
  try {
    run();
    await turns();
  } finally {
    console.warn = warn;
  }
}
