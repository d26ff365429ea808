import { guard, type Guard } from '@pool-lifeguard/typeorm';
import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { EventEmitter } from 'node:events';
import type { DataSource, QueryRunner } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { lossOf } from './support/failure.ts';
import { nothingLeaked, poolOf } from './support/pool.ts';
import { ask, connectionId, cut, heldBy, heldRunner, streamed } from './support/runner.ts';

/** Statements that leave something in the session, and the name it is lost under. */
const state = {
  'SET @answer = 42': 'user variables',
  'SELECT 42 INTO @answer': 'user variables',
  '/* a note */ SET @answer = 42': 'user variables',
  '-- a note\nset @answer = 42': 'user variables',
  'CREATE TEMPORARY TABLE basket (id INT)': 'temporary tables',
  "SELECT GET_LOCK('held', 0)": 'named locks',
  'SET SESSION sort_buffer_size = 65536': 'session variables',
  'SET NAMES latin1': 'session variables',
  'SET @@sort_buffer_size = 65536': 'session variables',
  "SET time_zone = '+03:00'": 'session variables',
  'USE information_schema': 'the default database',
  "PREPARE one FROM 'SELECT 1'": 'prepared statements',
  'LOCK TABLES shelf READ': 'table locks',
};

/** Statements that ask for what an earlier one has left. */
const reading = [
  'SELECT LAST_INSERT_ID()',
  'SELECT ROW_COUNT()',
  'SELECT FOUND_ROWS()',
  'SELECT @answer',
  'SELECT @@identity',
  'SELECT @@warning_count',
  'SELECT CONNECTION_ID() + 1',
  'SHOW WARNINGS',
  'INSERT INTO shelf VALUES (LAST_INSERT_ID())',
];

/** Statements that only look so. */
const harmless = [
  'SELECT CONNECTION_ID()',
  'SELECT CONNECTION_ID() AS id',
  "SELECT 'LAST_INSERT_ID()'",
  "SELECT 'me@example.org'",
  'SELECT 1 /* @answer */',
  'SELECT @@version',
  'SELECT @@session.sort_buffer_size',
  "SELECT 'SET @answer = 42; -- not that either'",
];

describe('the session of a held query runner whose connection dies', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    let dataSource: DataSource;
    let lifeguard: Guard;
    let runner: QueryRunner;

    before(async () => {
      const bare = await database.dataSource().initialize();
      await bare.query('CREATE TABLE shelf (id INT)');
    });

    beforeEach(async () => {
      dataSource = await database.dataSource().initialize();
      lifeguard = guard(dataSource);
      runner = await heldRunner(dataSource);
    });

    afterEach(async () => {
      await runner.release();
      await nothingLeaked(dataSource, database);
    });

    for (const [sql, name] of Object.entries(state)) {
      it(`is missed once after ${sql}`, async () => {
        await runner.query(sql);
        await cut(server(), runner);
        const error = await lossOf(runner.query('SELECT 1'), 'LIFEGUARD_SESSION_LOST');
        expect(error.message)
          .to.include(name)
          .and.match(/set the session up again/);
        await runner.query('SELECT 1');
        expect(lifeguard.stats()).to.include({ lost: 1, moved: 0 });
      });
    }

    for (const sql of reading) {
      it(`is missed by ${sql}`, async () => {
        await cut(server(), runner);
        const error = await lossOf(runner.query(sql), 'LIFEGUARD_SESSION_LOST');
        expect(error.message).to.include('what earlier statements left in the session');
        await runner.query('SELECT 1');
        expect(await ask(dataSource, 'SELECT id FROM shelf')).to.deep.equal([]);
      });
    }

    for (const sql of harmless) {
      it(`is not missed by ${sql}`, async () => {
        await cut(server(), runner);
        expect(await ask(runner, sql)).to.have.length(1);
        expect(lifeguard.stats()).to.include({ lost: 0, moved: 1 });
      });
    }

    it('is not missed where it was given up before', async () => {
      await runner.query('LOCK TABLES shelf READ');
      await runner.query('UNLOCK TABLES');
      await runner.query("SELECT GET_LOCK('held', 0)");
      await runner.query('SELECT RELEASE_ALL_LOCKS()');
      await cut(server(), runner);
      expect(await connectionId(runner)).to.equal(heldBy(runner).threadId);
    });

    it('is missed only once: the fresh connection may die too', async () => {
      await runner.query('SET @answer = 42');
      await cut(server(), runner);
      await lossOf(runner.query('SELECT 1'), 'LIFEGUARD_SESSION_LOST');
      await runner.query('SELECT 1');
      await cut(server(), runner);
      expect(await connectionId(runner)).to.equal(heldBy(runner).threadId);
    });

    it('is missed by a stream, a BEGIN and connect() alike', async () => {
      const sent = [
        () => streamed(runner, 'SELECT 1'),
        () => runner.startTransaction(),
        () => runner.connect() as Promise<unknown>,
      ];
      for (const send of sent) {
        await runner.query('SET @answer = 42');
        await cut(server(), runner);
        await lossOf(send(), 'LIFEGUARD_SESSION_LOST');
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
        expect(await connectionId(runner)).to.equal(heldBy(runner).threadId);
      }
    });

    it('is missed too where it was set on the connection of the driver itself', async () => {
      const connection = (await runner.connect()) as { query(sql: string, done: () => void): void };
      await new Promise<void>((resolve) => {
        connection.query('SET @answer = 42', resolve);
      });
      await cut(server(), runner);
      await lossOf(runner.query('SELECT 1'), 'LIFEGUARD_SESSION_LOST');
      await runner.query('SELECT 1');
    });

    it('is missed too after a text of several statements', async () => {
      const several = await database.dataSource({ multipleStatements: true }).initialize();
      guard(several);
      const other = await heldRunner(several);
      await other.query('SELECT 1; SET @answer = 42; SELECT 2');
      await cut(server(), other);
      await lossOf(other.query('SELECT 1'), 'LIFEGUARD_SESSION_LOST');
      await other.release();
      await several.destroy();
    });

    it('is not missed where the pool gives it to every connection', async () => {
      const pool = poolOf(dataSource) as unknown as EventEmitter;
      pool.on('connection', (connection: { query(sql: string): void }) => {
        connection.query("SET time_zone = '+03:00'");
      });
      guard(dataSource).evictAll();
      await runner.release();
      runner = await heldRunner(dataSource);
      await cut(server(), runner);
      const rows = await ask(runner, 'SELECT @@time_zone AS zone');
      expect(rows).to.deep.equal([{ zone: '+03:00' }]);
      expect(lifeguard.stats()).to.include({ lost: 0, moved: 1 });
    });

    it('is no concern of the next runner', async () => {
      await runner.query('SET @answer = 42');
      await runner.release();
      runner = await heldRunner(dataSource);
      await cut(server(), runner);
      expect(await connectionId(runner)).to.equal(heldBy(runner).threadId);
    });

    for (const [first, second] of [
      ['SELECT 1 AS one', 'SELECT LAST_INSERT_ID()'],
      ['SELECT LAST_INSERT_ID()', 'SELECT 1 AS one'],
    ] as const) {
      it(`is missed by one statement and not by the other: ${first}, ${second}`, async () => {
        await cut(server(), runner);
        const sent = [first, second].map((sql) => runner.query(sql) as Promise<unknown>);
        const ends = await Promise.allSettled(sent);
        const reader = ends[first.includes('INSERT') ? 0 : 1];
        const plain = ends[first.includes('INSERT') ? 1 : 0];
        expect(reader).to.have.nested.property('reason.code', 'LIFEGUARD_SESSION_LOST');
        expect(plain).to.have.nested.property('value[0].one');
        expect(await connectionId(runner)).to.equal(heldBy(runner).threadId);
      });
    }
  });
});
