import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { PoolConnection, PrepareStatementInfo } from 'mysql2';
import { Readable } from 'node:stream';
import { ask, askOne, borrow, execute, inside, said, within } from './support/calls.ts';
import { parityOn } from './support/same.ts';

describe('statements', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      'are prepared once per connection by execute()',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const rows = [];
        for (const n of [1, 2, 3]) rows.push(await execute(pool, 'SELECT ? + 1 AS sum', [n]));
        const connection = await borrow(pool);
        return [rows.flat(), await prepared(connection)];
      },
      (bare) => expect(bare[1]).to.equal(1),
    );

    same(
      'can be prepared, executed, closed, and forgotten by unprepare()',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const connection = await borrow(pool);
        const statement = await prepare(connection, 'SELECT ? * 2 AS twice');
        const first = await run(statement, [4]);
        const again = await prepare(connection, 'SELECT ? * 2 AS twice');
        connection.unprepare('SELECT ? * 2 AS twice');
        const left = await prepared(connection);
        connection.release();
        return [first, again === statement, left, await askOne(pool, 'SELECT 1')];
      },
      (bare) => expect(bare.slice(1)).to.deep.equal([true, 0, 1]),
    );

    same(
      'that cannot be prepared tell so once, and the connection goes on',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        let answers = 0;
        const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
          pool.execute('SELECT nonsense FROM nowhere', (failed) => {
            answers += 1;
            if (failed) resolve(failed);
          });
        });
        const next = await execute(pool, 'SELECT 5 AS five');
        return [said(error).code, next, answers, journal.counts()];
      },
      (bare) => expect(bare.slice(0, 3)).to.deep.equal(['ER_NO_SUCH_TABLE', [{ five: 5 }], 1]),
    );

    same(
      'with bad parameters throw where they did, and the connection comes back',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const bad = [undefined] as unknown as string[];
        const error = await failureOf(execute(pool, 'SELECT ?', bad));
        return [error.message, await askOne(pool, 'SELECT 1'), journal.counts()];
      },
      (bare) => expect(bare[0]).to.include('must not contain undefined'),
    );

    same(
      'in one text give all their results, and stop at the first that fails',
      { connectionLimit: 1, multipleStatements: true },
      async ({ pool }) => {
        const results = await ask<unknown[]>(pool, 'SELECT 1 AS a; DO 0; SELECT 2 AS b');
        const error = await failureOf(ask(pool, 'SELECT 1; nonsense; SELECT 2'));
        return [results[0], results[2], said(error).code, await askOne(pool, 'SELECT 3')];
      },
      (bare) => expect(bare).to.deep.equal([[{ a: 1 }], [{ b: 2 }], 'ER_PARSE_ERROR', 3]),
    );

    same(
      'that CALL a procedure give all its results',
      { connectionLimit: 1 },
      async ({ pool }) => {
        await ask(pool, 'DROP PROCEDURE IF EXISTS two_sets');
        await ask(pool, 'CREATE PROCEDURE two_sets() BEGIN SELECT 1 AS a; SELECT 2 AS b; END');
        const [first, second] = await ask<unknown[]>(pool, 'CALL two_sets()');
        const [third] = await execute<unknown[]>(pool, 'CALL two_sets()');
        return [first, second, third];
      },
      (bare) => expect(bare).to.deep.equal([[{ a: 1 }], [{ b: 2 }], [{ a: 1 }]]),
    );

    same(
      'take named placeholders, rows as arrays, nested tables and typeCast',
      { connectionLimit: 1, namedPlaceholders: true },
      async ({ pool }) => {
        const connection = await borrow(pool);
        const query = (options: object): Promise<unknown> =>
          new Promise((resolve, reject) => {
            const sql = 'SELECT :n AS n';
            connection.query({ sql, values: { n: 1 }, ...options }, (error, rows) =>
              error ? reject(error) : resolve(rows),
            );
          });
        return [
          await query({}),
          await query({ rowsAsArray: true }),
          await query({ nestTables: '_' }),
          await query({ typeCast: () => 'cast' }),
        ];
      },
      (bare) => expect(bare).to.deep.equal([[{ n: 1 }], [[1]], [{ _n: 1 }], [{ n: 'cast' }]]),
    );

    same(
      'of event style emit fields, rows and an end',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const seen: unknown[] = [];
        await new Promise((resolve) => {
          const query = pool.query('SELECT 1 AS a UNION SELECT 2');
          query.on('fields', (fields: { name: string }[]) => seen.push(fields[0]?.name));
          query.on('result', (row) => seen.push(row));
          query.on('end', resolve);
        });
        const failed = await new Promise((resolve) => {
          pool.query('nonsense').on('error', (error) => resolve(error.message.slice(0, 15)));
        });
        return [seen, failed, await askOne(pool, 'SELECT 1')];
      },
      (bare) => expect(bare).to.deep.equal([['a', { a: 1 }, { a: 2 }], 'You have an err', 1]),
    );

    same(
      'that load local data send it',
      {
        connectionLimit: 1,
        infileStreamFactory: () => Readable.from(['1\n', '2\n'].map((line) => Buffer.from(line))),
      },
      async ({ pool, server: asked }) => {
        await asked.setGlobal('local_infile', 1);
        await ask(pool, 'DROP TABLE IF EXISTS numbers');
        await ask(pool, 'CREATE TABLE numbers (n INT)');
        await ask(pool, 'LOAD DATA LOCAL INFILE "memory" INTO TABLE numbers');
        return [await ask(pool, 'SELECT n FROM numbers'), inside(pool)._allConnections.length];
      },
      (bare) => expect(bare).to.deep.equal([[{ n: 1 }, { n: 2 }], 1]),
    );
  });
});

function prepare(connection: PoolConnection, sql: string): Promise<PrepareStatementInfo> {
  return new Promise((resolve, reject) => {
    connection.prepare(sql, (error, statement) => (error ? reject(error) : resolve(statement)));
  });
}

function run(statement: PrepareStatementInfo, values: number[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    statement.execute(values, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}

/** How many prepared statements the server keeps for this session's connection. */
async function prepared(connection: PoolConnection): Promise<number> {
  await ask(connection, 'DO 1');
  const { _statements } = within(connection) as unknown as { _statements: { size: number } };
  return _statements.size;
}
