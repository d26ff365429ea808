import { guard } from '@pool-lifeguard/typeorm';
import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { lossOf } from './support/failure.ts';
import { nothingLeaked } from './support/pool.ts';
import { ask, cut, heldBy, heldRunner } from './support/runner.ts';

const INSERT = 'INSERT INTO notes VALUES (1)';

describe('a transaction of TypeORM whose connection dies', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    let dataSource: DataSource;

    const stored = (): Promise<unknown[]> => ask(dataSource, 'SELECT id FROM notes');
    const cutUnder = async ({ queryRunner }: EntityManager): Promise<void> => {
      if (queryRunner) await cut(server(), queryRunner);
    };

    before(async () => {
      const bare = await database.dataSource().initialize();
      await bare.query('CREATE TABLE notes (id INT)');
    });

    beforeEach(async () => {
      dataSource = await database.dataSource().initialize();
      guard(dataSource);
      await dataSource.query('DELETE FROM notes');
    });

    afterEach(() => nothingLeaked(dataSource, database));

    it('fails as a whole in the middle, and the next one works', async () => {
      const cutInTheMiddle = dataSource.transaction(async (manager) => {
        await manager.query(INSERT);
        await cutUnder(manager);
        await manager.query(INSERT);
      });
      await lossOf(cutInTheMiddle, 'LIFEGUARD_TRANSACTION_LOST');
      expect(await stored()).to.deep.equal([]);
      await dataSource.transaction((manager) => manager.query(INSERT));
      expect(await stored()).to.deep.equal([{ id: 1 }]);
    });

    it('fails at its commit, when that is the first to find out', async () => {
      const cutAtTheEnd = dataSource.transaction(async (manager) => {
        await manager.query(INSERT);
        await cutUnder(manager);
      });
      await lossOf(cutAtTheEnd, 'LIFEGUARD_TRANSACTION_LOST');
      expect(await stored()).to.deep.equal([]);
    });

    it('fails also where the application hides the error from TypeORM', async () => {
      const swallowing = dataSource.transaction(async (manager) => {
        await manager.query(INSERT);
        await cutUnder(manager);
        await failureOf(manager.query(INSERT));
        await failureOf(manager.query(INSERT));
      });
      await lossOf(swallowing, 'LIFEGUARD_TRANSACTION_LOST');
      expect(await stored()).to.deep.equal([]);
    });

    it('fails with what the application throws itself', async () => {
      const throwing = dataSource.transaction(async (manager) => {
        await manager.query(INSERT);
        await cutUnder(manager);
        throw new Error('changed my mind');
      });
      expect(await failureOf(throwing)).to.have.property('message', 'changed my mind');
      expect(await stored()).to.deep.equal([]);
    });

    it('fails with the outer one when it was nested', async () => {
      const nested = dataSource.transaction(async (outer) => {
        await outer.query(INSERT);
        await outer.transaction(async (inner) => {
          await cutUnder(inner);
          await inner.query(INSERT);
        });
      });
      await lossOf(nested, 'LIFEGUARD_TRANSACTION_LOST');
      expect(await stored()).to.deep.equal([]);
    });

    it('fails the outer one also where only the inner one was caught', async () => {
      const nested = dataSource.transaction(async (outer) => {
        await outer.query(INSERT);
        await failureOf(outer.transaction(cutUnder));
        await outer.query(INSERT);
      });
      const error = await failureOf(nested);
      expect(await stored()).to.deep.equal([]);
      expect(error).to.have.property('code', 'LIFEGUARD_TRANSACTION_LOST');
    });

    describe('on a held query runner', () => {
      let runner: QueryRunner;

      beforeEach(async () => {
        runner = await heldRunner(dataSource);
      });

      afterEach(() => runner.release());

      it('can be rolled back level by level when it was nested', async () => {
        await runner.startTransaction();
        await runner.query(INSERT);
        await runner.startTransaction();
        await cut(server(), runner);
        await lossOf(runner.query(INSERT), 'LIFEGUARD_TRANSACTION_LOST');
        await runner.rollbackTransaction();
        await lossOf(runner.query(INSERT), 'LIFEGUARD_TRANSACTION_LOST');
        await runner.rollbackTransaction();
        expect(runner.isTransactionActive).to.equal(false);
        await runner.query(INSERT);
        expect(await stored()).to.deep.equal([{ id: 1 }]);
      });

      it('begins a real transaction after a failed commit', async () => {
        await runner.startTransaction();
        await cut(server(), runner);
        await lossOf(runner.commitTransaction(), 'LIFEGUARD_TRANSACTION_LOST');
        await runner.rollbackTransaction();
        await runner.startTransaction();
        await runner.query(INSERT);
        await runner.rollbackTransaction();
        expect(await stored()).to.deep.equal([]);
      });

      it('has its isolation level when the connection was dead before', async () => {
        await cut(server(), runner);
        await runner.startTransaction('SERIALIZABLE');
        await runner.query(INSERT);
        const [row] = await server().query<{ level: string }>(
          'SELECT trx_isolation_level AS level FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = ?',
          [heldBy(runner).threadId],
        );
        expect(row?.level).to.equal('SERIALIZABLE');
        await runner.rollbackTransaction();
      });

      it('does not begin without the isolation level that was set for it', async () => {
        await runner.query('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
        await cut(server(), runner);
        const error = await lossOf(runner.query('BEGIN'), 'LIFEGUARD_SESSION_LOST');
        expect(error.message).to.include('the transaction settings');
        await runner.query('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
        await runner.query('BEGIN');
        await runner.query('ROLLBACK');
      });

      it('uses the isolation level up, so that a later death costs nothing', async () => {
        await runner.startTransaction('SERIALIZABLE');
        await runner.commitTransaction();
        await cut(server(), runner);
        await runner.query(INSERT);
        expect(await stored()).to.deep.equal([{ id: 1 }]);
      });
    });
  });
});
