import { guard, type Guard, type LifeguardOptions } from '@pool-lifeguard/typeorm';
import { eachServer, failureOf, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource, QueryRunner } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { lossOf } from './support/failure.ts';
import { nothingLeaked } from './support/pool.ts';
import { connectionId, heldBy, heldRunner } from './support/runner.ts';
import { goDown } from './support/stale.ts';

describe('a held query runner while the server is away', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    let dataSource: DataSource;
    let lifeguard: Guard;

    beforeEach(async () => {
      dataSource = await database.dataSource({ port: proxy().port }).initialize();
    });

    const guardIt = (options: LifeguardOptions): void => {
      lifeguard = guard(dataSource, options);
    };

    const away = (): Promise<void> => goDown(server(), proxy(), dataSource);

    it('repeats the error of its first dial for ever, without the guard', async () => {
      const runner = dataSource.createQueryRunner();
      await away();
      await failureOf(runner.query('SELECT 1'));
      await proxy().pass();
      expect(await failureOf(runner.query('SELECT 1'))).to.have.property('code', 'ECONNREFUSED');
    });

    describe('refusing new connections', () => {
      beforeEach(() => guardIt({ connectionTimeout: '500ms' }));

      const isAwayThenBack = async (runner: QueryRunner): Promise<void> => {
        const error = await lossOf(runner.query('SELECT 1'), 'LIFEGUARD_CONNECTION_TIMEOUT');
        expect(error.cause).to.have.property('code', 'ECONNREFUSED');
        expect(error.message).to.include('ECONNREFUSED');
        await proxy().pass();
        expect(await connectionId(runner)).to.equal(heldBy(runner).threadId);
        await runner.release();
        await nothingLeaked(dataSource, database);
      };

      it('works at the next try when its first dial failed', async () => {
        const runner = dataSource.createQueryRunner();
        await away();
        await isAwayThenBack(runner);
      });

      it('works at the next try when its connection could not be replaced', async () => {
        const runner = await heldRunner(dataSource);
        await away();
        await isAwayThenBack(runner);
      });

      it('tells every statement of one moment', async () => {
        const runner = await heldRunner(dataSource);
        await away();
        const sent = [runner.query('SELECT 1'), runner.stream('SELECT 1'), runner.query('BEGIN')];
        const ends = await Promise.allSettled(sent);
        for (const end of ends) {
          expect(end).to.have.nested.property('reason.code', 'LIFEGUARD_CONNECTION_TIMEOUT');
        }
        await isAwayThenBack(runner);
      });

      it('owes nothing when it was released meanwhile', async () => {
        const [first, moving] = [dataSource.createQueryRunner(), await heldRunner(dataSource)];
        await away();
        const asked = [first, moving].map((runner) => failureOf(runner.query('SELECT 1')));
        await Promise.all([first.release(), moving.release()]);
        await Promise.all(asked);
        await proxy().pass();
        await dataSource.query('SELECT 1');
        await nothingLeaked(dataSource, database);
      });

      for (const depth of [1, 2]) {
        it(`rolls back a lost transaction of depth ${depth} without the server`, async () => {
          const runner = await heldRunner(dataSource);
          for (let level = 0; level < depth; level += 1) await runner.startTransaction();
          await away();
          await lossOf(runner.query('SELECT 1'), 'LIFEGUARD_TRANSACTION_LOST');
          for (let level = 1; level < depth; level += 1) await runner.rollbackTransaction();
          await lossOf(runner.query('SELECT 1'), 'LIFEGUARD_TRANSACTION_LOST');
          await runner.rollbackTransaction();
          expect(runner.isTransactionActive).to.equal(false);
          expect(lifeguard.stats()).to.include({ timeouts: 0 });
          await isAwayThenBack(runner);
        });

        it(`rolls back depth ${depth} also where that is the first to find out`, async () => {
          const runner = await heldRunner(dataSource);
          for (let level = 0; level < depth; level += 1) await runner.startTransaction();
          await away();
          for (let level = 0; level < depth; level += 1) await runner.rollbackTransaction();
          expect(runner.isTransactionActive).to.equal(false);
          expect(lifeguard.stats()).to.include({ timeouts: 0 });
          await isAwayThenBack(runner);
        });
      }

      it('does not wait for the server to roll back what is lost', async () => {
        const transaction = dataSource.transaction(async (manager) => {
          await manager.query('SELECT 1');
          await away();
          await manager.query('SELECT 1');
        });
        await lossOf(transaction, 'LIFEGUARD_TRANSACTION_LOST');
        expect(lifeguard.stats()).to.include({ timeouts: 0 });
      });

      it('does not wait for the server to roll back what was never begun', async () => {
        await away();
        const transaction = dataSource.transaction((manager) => manager.query('SELECT 1'));
        await lossOf(transaction, 'LIFEGUARD_CONNECTION_TIMEOUT');
        expect(lifeguard.stats()).to.include({ timeouts: 1 });
      });
    });
  });
});
