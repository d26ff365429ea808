import { guard } from '@pool-lifeguard/typeorm';
import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource, Logger } from 'typeorm';
import { useDatabase, type MysqlOptions } from './support/database.ts';
import { countsOf, nothingLeaked, poolOf } from './support/pool.ts';
import { connectionId, heldRunner } from './support/runner.ts';

/** Notes what TypeORM tells its logger. */
class Journal implements Logger {
  readonly lines: string[] = [];

  logQuery(query: string, parameters?: unknown[]): void {
    this.lines.push(`query ${query} ${JSON.stringify(parameters)}`);
  }

  logQueryError(error: string | Error, query: string): void {
    this.lines.push(`error ${String(error)} ${query}`);
  }

  logQuerySlow(time: number, query: string): void {
    this.lines.push(`slow ${typeof time} ${query}`);
  }

  logSchemaBuild(): void {}

  logMigration(): void {}

  log(level: string, message: unknown): void {
    this.lines.push(`${level} ${String(message)}`);
  }
}

describe('what works without the guard works the same with it', () => {
  eachServer((server) => {
    const database = useDatabase(server);

    const open = async (
      guarded: boolean,
      options: Partial<MysqlOptions> = {},
    ): Promise<DataSource> => {
      const dataSource = await database.dataSource(options).initialize();
      if (guarded) guard(dataSource);
      return dataSource;
    };

    /** Does the same on a bare and on a guarded data source, and returns what both gave. */
    const both = async <T>(
      work: (dataSource: DataSource) => Promise<T>,
      options?: () => Partial<MysqlOptions>,
    ): Promise<[T, T]> => {
      const bare = await work(await open(false, options?.()));
      return [bare, await work(await open(true, options?.()))];
    };

    it('what the logger is told', async () => {
      const journals: Journal[] = [];
      const logged = async (dataSource: DataSource): Promise<readonly string[]> => {
        await dataSource.query('SELECT ? AS given', [1]);
        await dataSource.query('SELECT SLEEP(0.1)');
        await failureOf(dataSource.query('SELECT nonsense'));
        await dataSource.transaction((manager) => manager.query('SELECT 2'));
        return journals.at(-1)?.lines ?? [];
      };
      const [bare, guarded] = await both(logged, () => {
        const logger = new Journal();
        journals.push(logger);
        return { logger, logging: true, maxQueryExecutionTime: 50 };
      });
      expect(guarded).to.deep.equal(bare).and.to.include('slow number SELECT SLEEP(0.1)');
    });

    const failing = {
      'a syntax error': 'SELEC 1',
      'an unknown table': 'SELECT * FROM nowhere',
      'a signal': "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'stop'",
    };

    for (const [name, sql] of Object.entries(failing)) {
      it(`how ${name} fails`, async () => {
        const [bare, guarded] = await both((dataSource) => failureOf(dataSource.query(sql, [])));
        expect(guarded)
          .to.be.instanceOf(bare.constructor)
          .and.have.property('name', 'QueryFailedError');
        expect(Object.entries(guarded)).to.deep.equal(Object.entries(bare));
        expect(Object.keys(guarded)).to.include.members(['driverError', 'query', 'parameters']);
      });
    }

    it('how a transaction that was never begun fails', async () => {
      const [bare, guarded] = await both(async (dataSource) => {
        const runner = dataSource.createQueryRunner();
        const errors = [runner.commitTransaction(), runner.rollbackTransaction()].map(failureOf);
        return (await Promise.all(errors)).map(({ name, message }) => ({ name, message }));
      });
      expect(guarded)
        .to.deep.equal(bare)
        .and.have.nested.property('[0].name', 'TransactionNotStartedError');
    });

    it('how a wrong password fails', async () => {
      const login = { password: 'wrong', username: 'nobody' };
      const errors = [false, true].map(async (guarded) => {
        const dataSource = database.dataSource(login);
        if (guarded) guard(dataSource);
        const { message, ...rest } = await failureOf(dataSource.initialize());
        return { message, ...rest };
      });
      const [bare, guarded] = await Promise.all(errors);
      expect(guarded).to.deep.equal(bare).and.have.property('code', 'ER_ACCESS_DENIED_ERROR');
    });

    it('how many connections there may be', async () => {
      const [bare, guarded] = await both(
        async (dataSource) => {
          const asked = Array.from({ length: 12 }, () => dataSource.query('SELECT SLEEP(0.02)'));
          await Promise.all(asked);
          await nothingLeaked(dataSource, database);
          const counts = countsOf(poolOf(dataSource));
          await dataSource.destroy();
          return counts;
        },
        () => ({ poolSize: 3 }),
      );
      expect(guarded).to.deep.equal(bare).and.deep.equal({ all: 3, free: 3 });
    });

    describe('a query timeout', () => {
      const limits = { enableQueryTimeout: true, maxQueryExecutionTime: 100 };
      const options = { ...limits, poolSize: 1, logger: new Journal() };
      const slow = 'SELECT SLEEP(1.5) AS slept';

      it('ends the query with the same error', async () => {
        const ask = (dataSource: DataSource): Promise<unknown> =>
          dataSource.query(slow).catch((error: Error) => [String(error), ...Object.entries(error)]);
        const [bare, guarded] = await both(ask, () => options);
        expect(guarded).to.deep.equal(bare);
      });

      it('does not let the next query wait for what the server still does', async () => {
        const dataSource = await open(true, options);
        const runner = await heldRunner(dataSource);
        const timedOut = await runner.query(slow).then(
          () => false,
          () => true,
        );
        await runner.release();
        expect(await connectionId(dataSource)).to.be.a('number');
        // The next query had a fresh connection: the slow one was closed instead of lent.
        if (timedOut) expect(guard(dataSource).stats().closed).to.include({ poisoned: 1 });
      });
    });
  });
});
