import { guard } from '@pool-lifeguard/typeorm';
import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource, QueryRunner } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { countsOf, nothingLeaked, poolOf } from './support/pool.ts';
import { connectionId, cut, heldBy, heldRunner, streamed } from './support/runner.ts';

describe('the release of a held query runner', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    let dataSource: DataSource;

    const deadRunner = async (): Promise<QueryRunner> => {
      const runner = await heldRunner(dataSource);
      await cut(server(), runner);
      return runner;
    };

    beforeEach(async () => {
      dataSource = await database.dataSource().initialize();
    });

    it('leaks a connection that is still on its way, without the guard', async () => {
      const runner = dataSource.createQueryRunner();
      const asked = connectionId(runner);
      await runner.release();
      await asked;
      expect(countsOf(poolOf(dataSource))).to.deep.equal({ all: 1, free: 0 });
    });

    describe('under the guard', () => {
      beforeEach(() => void guard(dataSource));
      afterEach(() => nothingLeaked(dataSource, database));

      it('gives back a connection that was on its way with a query', async () => {
        const runner = dataSource.createQueryRunner();
        const asked = connectionId(runner);
        await runner.release();
        expect(await asked).to.be.greaterThan(0);
      });

      it('gives back a connection that was on its way with several queries', async () => {
        const runner = dataSource.createQueryRunner();
        const asked = [connectionId(runner), connectionId(runner), connectionId(runner)];
        await runner.release();
        expect(new Set(await Promise.all(asked)).size).to.equal(1);
      });

      it('gives back a connection that was on its way with a stream', async () => {
        const runner = dataSource.createQueryRunner();
        const rows = streamed(runner, "SELECT 'a' AS letter");
        await runner.release();
        expect(await rows).to.deep.equal([{ letter: 'a' }]);
      });

      it('gives back a connection that was on its way to connect()', async () => {
        const runner = dataSource.createQueryRunner();
        const connecting = runner.connect();
        await runner.release();
        expect(await connecting).to.equal(heldBy(runner));
      });

      it('gives back a fresh connection that a dead one was just being replaced by', async () => {
        const runner = await deadRunner();
        const [asked, again] = [connectionId(runner), connectionId(runner)];
        await runner.release();
        expect(await asked).to.equal(await again);
      });

      it('gives back the fresh connection after the stream that it was found for', async () => {
        const runner = await deadRunner();
        const rows = streamed(runner, "SELECT 'a' AS letter");
        await runner.release();
        expect(await rows).to.deep.equal([{ letter: 'a' }]);
      });

      it('gives back a fresh connection only once, however often it is asked to', async () => {
        const runner = await deadRunner();
        const asked = connectionId(runner);
        await Promise.all([runner.release(), runner.release()]);
        await asked;
        await runner.release();
        expect(countsOf(poolOf(dataSource))).to.deep.equal({ all: 1, free: 1 });
      });

      it('succeeds on a dead connection that nobody has used since', async () => {
        const runner = await deadRunner();
        await runner.release();
        expect(countsOf(poolOf(dataSource)).all).to.equal(0);
      });

      it('lets no query run on the runner any more', async () => {
        const runner = await deadRunner();
        const asked = connectionId(runner);
        await runner.release();
        const error = await failureOf(runner.query('SELECT 1'));
        expect(error.name).to.equal('QueryRunnerAlreadyReleasedError');
        await asked;
      });

      it('takes no connection for a runner that is released already', async () => {
        const runner = await deadRunner();
        await runner.release();
        for (const sql of ['SELECT 1', 'ROLLBACK', 'ROLLBACK TO SAVEPOINT one']) {
          const error = await failureOf(runner.query(sql));
          expect(error.name, sql).to.equal('QueryRunnerAlreadyReleasedError');
        }
        expect(() => runner.stream('SELECT 1')).to.throw(/already released/i);
        expect(countsOf(poolOf(dataSource)).all).to.equal(0);
      });

      it('takes nothing from the next holder when it comes twice', async () => {
        const [first, second] = [await heldRunner(dataSource), dataSource.createQueryRunner()];
        await first.release();
        const lent = await connectionId(second);
        await first.release();
        const third = dataSource.createQueryRunner();
        expect(await connectionId(third)).not.to.equal(lent);
        await Promise.all([second.release(), third.release()]);
      });

      it('lets a query that is still running end before the next borrower gets in', async () => {
        const runner = await heldRunner(dataSource);
        const { threadId } = heldBy(runner);
        const slow = runner.query('SELECT SLEEP(0.1) AS slept');
        await runner.release();
        expect(await connectionId(dataSource)).to.be.a('number');
        expect(await slow).to.have.nested.property('[0].slept');
        expect((await database.sessions()).map(({ id }) => id)).to.include(threadId);
      });
    });
  });
});
