import { guard, type Guard } from '@pool-lifeguard/typeorm';
import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource, QueryRunner } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { lossOf } from './support/failure.ts';
import { nothingLeaked } from './support/pool.ts';
import { ask, cut, heldBy, heldRunner } from './support/runner.ts';

/** The ways into a transaction, and the way to undo what was begun so. */
const ways = [
  {
    name: 'startTransaction()',
    begin: (runner: QueryRunner) => runner.startTransaction(),
    commit: (runner: QueryRunner) => runner.commitTransaction(),
    rollback: (runner: QueryRunner) => runner.rollbackTransaction(),
  },
  ...['BEGIN', 'START TRANSACTION'].map((sql) => ({
    name: sql,
    begin: (runner: QueryRunner) => runner.query(sql) as Promise<unknown>,
    commit: (runner: QueryRunner) => runner.query('COMMIT') as Promise<unknown>,
    rollback: (runner: QueryRunner) => runner.query('ROLLBACK') as Promise<unknown>,
  })),
];

describe('a held query runner whose connection dies inside a transaction', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    let dataSource: DataSource;
    let lifeguard: Guard;
    let runner: QueryRunner;

    const insert = (): Promise<unknown> => runner.query('INSERT INTO notes (text) VALUES (1)');
    const stored = (): Promise<unknown[]> => ask(dataSource, 'SELECT text FROM notes');

    before(async () => {
      const bare = await database.dataSource().initialize();
      await bare.query('CREATE TABLE notes (id INT AUTO_INCREMENT PRIMARY KEY, text INT)');
    });

    beforeEach(async () => {
      dataSource = await database.dataSource().initialize();
      lifeguard = guard(dataSource);
      await dataSource.query('DELETE FROM notes');
      runner = await heldRunner(dataSource);
    });

    afterEach(async () => {
      await runner.release();
      await nothingLeaked(dataSource, database);
    });

    for (const { name, begin, commit, rollback } of ways) {
      describe(`that ${name} began`, () => {
        beforeEach(async () => {
          await begin(runner);
          await insert();
          await cut(server(), runner);
        });

        afterEach(async () => {
          expect(await stored()).to.deep.equal([]);
          await insert();
          expect(await ask(runner, 'SELECT text FROM notes')).to.have.length(1);
        });

        it('says so once, stores nothing, and rolls back', async () => {
          const error = await lossOf(insert(), 'LIFEGUARD_TRANSACTION_LOST');
          expect(error.message).to.match(/rolled the transaction back: nothing of it is stored/);
          await rollback(runner);
          expect(lifeguard.stats()).to.include({ lost: 1 });
        });

        it('does not commit what is lost', async () => {
          await lossOf(commit(runner), 'LIFEGUARD_TRANSACTION_LOST');
          await rollback(runner);
        });

        it('rolls back without an error when nothing was sent meanwhile', async () => {
          await rollback(runner);
          expect(runner.isTransactionActive).to.equal(false);
        });

        it('fails a stream with the same error', async () => {
          const error = await lossOf(runner.stream('SELECT 1'), 'LIFEGUARD_TRANSACTION_LOST');
          expect(error.message).to.include('this statement was not sent');
          await rollback(runner);
        });
      });
    }

    describe('that SET autocommit = 0 began', () => {
      beforeEach(async () => {
        await runner.query('SET autocommit = 0');
        await insert();
        await cut(server(), runner);
      });

      afterEach(async () => {
        expect(await stored()).to.deep.equal([]);
        expect(await ask(runner, 'SELECT @@autocommit AS it')).to.have.nested.property('[0].it');
      });

      for (const sql of ['INSERT INTO notes (text) VALUES (1)', 'COMMIT', 'SELECT 1']) {
        it(`says so at ${sql}, and names the session state that is lost with it`, async () => {
          const error = await lossOf(runner.query(sql), 'LIFEGUARD_TRANSACTION_LOST');
          expect(error.message).to.include('session variables');
        });
      }

      it('rolls back without an error, and says of the session at the next statement', async () => {
        await runner.query('ROLLBACK');
        const error = await lossOf(runner.query('SELECT 1'), 'LIFEGUARD_SESSION_LOST');
        expect(error.message).to.include('session variables');
      });
    });

    it('fails every statement until TypeORM no longer believes in the transaction', async () => {
      await runner.startTransaction();
      await cut(server(), runner);
      for (const attempt of [insert, insert, () => runner.commitTransaction()]) {
        await lossOf(attempt(), 'LIFEGUARD_TRANSACTION_LOST');
      }
      await runner.rollbackTransaction();
      expect(await stored()).to.deep.equal([]);
    });

    it('fails all statements of one moment', async () => {
      await runner.startTransaction();
      await cut(server(), runner);
      const sent = [insert(), insert(), insert()];
      for (const each of sent) await lossOf(each, 'LIFEGUARD_TRANSACTION_LOST');
      await runner.rollbackTransaction();
      expect(await stored()).to.deep.equal([]);
      expect(lifeguard.stats()).to.include({ lost: 1 });
    });

    it('can be released without a rollback', async () => {
      await runner.startTransaction();
      await insert();
      await cut(server(), runner);
      await lossOf(insert(), 'LIFEGUARD_TRANSACTION_LOST');
      await runner.release();
      expect(await stored()).to.deep.equal([]);
    });

    it('runs nothing outside it after a statement was cut off under way', async () => {
      await runner.startTransaction();
      const [seen] = await Promise.all([
        failureOf(runner.query('SELECT SLEEP(5)')),
        server().kill(heldBy(runner).threadId),
      ]);
      expect(seen.name).to.equal('QueryFailedError');
      await lossOf(insert(), 'LIFEGUARD_TRANSACTION_LOST');
      await runner.rollbackTransaction();
      expect(await stored()).to.deep.equal([]);
    });

    it('begins the transaction anew on the same runner', async () => {
      await runner.startTransaction();
      await cut(server(), runner);
      await lossOf(insert(), 'LIFEGUARD_TRANSACTION_LOST');
      await runner.rollbackTransaction();
      await runner.startTransaction();
      await insert();
      await runner.commitTransaction();
      expect(await stored()).to.deep.equal([{ text: 1 }]);
    });
  });
});
