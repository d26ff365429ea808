import { eachServer, failureOf, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mariadb';
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guard } from '../src/index.ts';
import { borrow } from './support/cores.ts';
import { filled, parityOn } from './support/same.ts';

describe('what works bare works guarded', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      'the events of a borrow, of one that waits, and of their ends',
      { connectionLimit: 2, minimumIdle: 2 },
      async ({ pool, journal, handle }) => {
        await filled(pool, 2, handle);
        await turns();
        const born = journal.lines.splice(0);
        const held = [await pool.getConnection(), await pool.getConnection()];
        const waiting = pool.query('DO 1');
        await turns();
        const waits = pool.taskQueueSize();
        for (const connection of held) await connection.release();
        await waiting;
        await turns();
        return { born, lines: journal.counts(), waits, left: pool.taskQueueSize() };
      },
      (bare) =>
        expect(bare).to.deep.equal({
          born: ['connection', 'connection'],
          lines: { acquire: 3, enqueue: 1, release: 3 },
          waits: 1,
          left: 0,
        }),
    );

    same(
      'the numbers that the pool tells of itself',
      { connectionLimit: 3, minimumIdle: 3 },
      async ({ pool, handle }) => {
        await filled(pool, 3, handle);
        const held = await pool.getConnection();
        const lent = numbersOf(pool);
        await held.query("SELECT GET_LOCK('numbers', 10)");
        const running = pool.query("SELECT GET_LOCK('numbers', 10), RELEASE_LOCK('numbers')");
        await turns();
        const busy = numbersOf(pool);
        await held.query("SELECT RELEASE_LOCK('numbers')");
        await running;
        await held.release();
        return [lent, busy, numbersOf(pool), textOf(pool)];
      },
      (bare) =>
        expect(bare).to.deep.equal([
          { active: 1, idle: 2, total: 3, waiting: 0 },
          { active: 2, idle: 1, total: 3, waiting: 0 },
          { active: 0, idle: 3, total: 3, waiting: 0 },
          'poolPromise(active=0 idle=3 limit=3)',
        ]),
    );

    same(
      'connectionLimit holds, and who waits is served in his order',
      { connectionLimit: 2, minimumIdle: 1 },
      async ({ pool, server, options }) => {
        const order: number[] = [];
        const use = async (place: number): Promise<void> => {
          const connection = await pool.getConnection();
          order.push(place);
          await connection.query('SELECT SLEEP(0.01)');
          await connection.release();
        };
        await Promise.all([1, 2, 3, 4, 5, 6].map(use));
        const list = await server.processList();
        return [order, list.filter(({ db }) => db === options.database).length <= 2];
      },
      (bare) => expect(bare).to.deep.equal([[1, 2, 3, 4, 5, 6], true]),
    );

    same(
      'acquireTimeout ends the waiting for lent connections, in the same words',
      { connectionLimit: 1, minimumIdle: 1, acquireTimeout: 150 },
      async ({ pool }) => {
        await filled(pool, 1);
        const held = await pool.getConnection();
        const { name, message, code, ...rest } = await failureOf(pool.query('SELECT 1'));
        await held.release();
        const [row] = await pool.query<object[]>('SELECT 1 AS one');
        const said = message.replace(/after \d+ms/, 'after some time');
        return [name, said, code, rest.errno, 'sqlState' in rest && rest.sqlState, row];
      },
      (bare) => {
        expect(bare.slice(2)).to.deep.equal([
          'ER_GET_CONNECTION_TIMEOUT',
          45028,
          'HY000',
          { one: 1 },
        ]);
        expect(bare[1]).to.include('active=1 idle=0 limit=1');
      },
    );

    same(
      'execute, batch and importFile',
      { connectionLimit: 2, minimumIdle: 1 },
      async ({ pool }) => {
        const folder = await mkdtemp(join(tmpdir(), 'lifeguard-import-'));
        const file = join(folder, 'notes.sql');
        await writeFile(
          file,
          "INSERT INTO notes VALUES (7, 'seven');\nINSERT INTO notes VALUES (8, 'x');",
        );
        await pool.query('DROP TABLE IF EXISTS notes');
        await pool.query('CREATE TABLE notes (n INT, text VARCHAR(20))');
        const batch = await pool.batch('INSERT INTO notes VALUES (?, ?)', [
          [1, 'one'],
          [2, 'two'],
        ]);
        await pool.importFile({ file });
        await rm(folder, { recursive: true });
        const rows = await pool.execute('SELECT n FROM notes WHERE n > ? ORDER BY n', [1]);
        const missing = await failureOf(pool.importFile({ file }));
        const nothing = await failureOf(pool.query(''));
        return [batch, [...(rows as object[])], missing.code, nothing.code, numbersOf(pool).active];
      },
      (bare) =>
        expect(bare.slice(1)).to.deep.equal([
          [{ n: 2 }, { n: 7 }, { n: 8 }],
          'ER_MISSING_SQL_FILE',
          'ER_UNDEFINED_SQL',
          0,
        ]),
    );

    same(
      'the options of single statements: metaAsArray, rowsAsArray, named placeholders',
      { connectionLimit: 1, minimumIdle: 1 },
      async ({ pool }) => {
        const [rows = []] = await pool.query<object[][]>({
          sql: 'SELECT 1 AS one',
          metaAsArray: true,
        });
        const arrays = await pool.query({ sql: 'SELECT 1, 2', rowsAsArray: true });
        const named = await pool.query(
          { sql: 'SELECT :a AS a', namedPlaceholders: true },
          { a: 'x' },
        );
        return [[...rows], [...(arrays as object[])], [...(named as object[])]];
      },
      (bare) => expect(bare).to.deep.equal([[{ one: 1 }], [[1, 2]], [{ a: 'x' }]]),
    );

    same(
      'an error of a statement is the same, and leaves the pool as it was',
      { connectionLimit: 1, minimumIdle: 1 },
      async ({ pool }) => {
        const { name, code, errno, ...rest } = await failureOf(pool.query('SELECT nonsense'));
        const [row] = await pool.query<object[]>('SELECT 1 AS one');
        return [name, code, errno, 'fatal' in rest && rest.fatal, row, pool.totalConnections()];
      },
      (bare) =>
        expect(bare).to.deep.equal(['SqlError', 'ER_BAD_FIELD_ERROR', 1054, false, { one: 1 }, 1]),
    );

    same(
      'streams of rows, on a connection that is held',
      { connectionLimit: 1, minimumIdle: 1 },
      async ({ pool }) => {
        const held = await pool.getConnection();
        const rows: unknown[] = [];
        const sql = 'SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3';
        for await (const row of held.queryStream(sql)) rows.push(row);
        await held.release();
        return [rows, [...(await pool.query<object[]>('SELECT 4 AS n'))]];
      },
      (bare) => expect(bare).to.deep.equal([[{ n: 1 }, { n: 2 }, { n: 3 }], [{ n: 4 }]]),
    );

    same(
      'each borrower goes on in his own async context',
      { connectionLimit: 1, minimumIdle: 1 },
      async ({ pool }) => {
        const storage = new AsyncLocalStorage<number>();
        const seen = [1, 2, 3].map((place) =>
          storage.run(place, async () => {
            await pool.query('SELECT SLEEP(0.01)');
            const connection = await pool.getConnection();
            const inside = storage.getStore();
            await connection.release();
            return [place, inside, storage.getStore()];
          }),
        );
        return Promise.all(seen);
      },
      (bare) => expect(bare).to.deep.equal([1, 2, 3].map((place) => [place, place, place])),
    );

    same(
      'minimumIdle is kept up when connections go',
      { connectionLimit: 3, minimumIdle: 2 },
      async ({ pool }) => {
        await filled(pool, 2);
        const { wrapper } = await borrow(pool);
        wrapper.destroy();
        await filled(pool, 2);
        return pool.totalConnections() >= 2 && pool.totalConnections() <= 3;
      },
      (bare) => expect(bare).to.equal(true),
    );

    same(
      'idleTimeout lets the pool close what it does not need, down to minimumIdle',
      { connectionLimit: 3, minimumIdle: 1, idleTimeout: 1 },
      async ({ pool }) => {
        const all = await Promise.all([1, 2, 3].map(() => pool.getConnection()));
        for (const connection of all) await connection.release();
        // The reaper of the driver works by seconds.
        await waitUntil(() => pool.totalConnections() === 1, { what: 'the end of two' });
        return numbersOf(pool);
      },
      (bare) => expect(bare).to.deep.equal({ active: 0, idle: 1, total: 1, waiting: 0 }),
    );

    same(
      'a connection that is not given back is told of, with leakDetectionTimeout',
      { connectionLimit: 1, minimumIdle: 1, leakDetectionTimeout: 30 },
      async ({ options, handle }) => {
        const said: string[] = [];
        const pool = createPool({ ...options, logger: { warning: (text) => said.push(text) } });
        if (handle) guard(pool);
        const held = await pool.getConnection();
        await waitUntil(() => said.length > 0, { what: 'the warning' });
        await held.release();
        await pool.end();
        return [said.length, /possible connection leak/.test(said[0] ?? '')];
      },
      (bare) => expect(bare).to.deep.equal([2, true]),
    );
  });
});

function numbersOf(pool: Pool): Record<string, number> {
  return {
    active: pool.activeConnections(),
    idle: pool.idleConnections(),
    total: pool.totalConnections(),
    waiting: pool.taskQueueSize(),
  };
}

/** What the driver itself says of a pool. */
function textOf(pool: { toString(): string }): string {
  return pool.toString();
}
