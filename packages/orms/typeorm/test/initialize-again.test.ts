import { guard, lifeguardSubscriber } from '@pool-lifeguard/typeorm';
import { eachServer, failureOf, useProxy, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { useDatabase, type MysqlOptions } from './support/database.ts';
import { poolOf } from './support/pool.ts';
import { connectionId, cut, heldRunner } from './support/runner.ts';
import { ALERT, ALL, NONE, survival, uses } from './support/stale.ts';
import { TimerWatch } from './support/timers.ts';

const ways: Readonly<Record<string, Partial<MysqlOptions>>> = {
  wrapper: {},
  subscriber: { subscribers: [lifeguardSubscriber(ALERT)] },
  flag: { extra: { lifeguard: ALERT } },
};

describe('a data source that is initialized more than once', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);

    for (const [way, options] of Object.entries(ways)) {
      describe(`guarded by ${way}`, () => {
        let dataSource: DataSource;

        beforeEach(() => {
          dataSource = database.dataSource({ port: proxy().port, ...options });
          if (way === 'wrapper') guard(dataSource, ALERT);
        });

        for (const [use, run] of Object.entries(uses)) {
          it(`is guarded from the first ${use} after each initialize()`, async () => {
            for (const round of [1, 2, 3]) {
              await dataSource.initialize();
              proxy().forget('existing');
              await run(dataSource);
              expect(guard(dataSource).stats().total, `round ${round}`).to.equal(1);
              await dataSource.destroy();
            }
          });
        }

        it('is guarded after an initialize() that failed', async () => {
          await proxy().refuse();
          const error = await failureOf(dataSource.initialize());
          expect(error).to.have.property('code', 'ECONNREFUSED');
          expect(dataSource.isInitialized).to.equal(false);
          await proxy().pass();
          await dataSource.initialize();
          expect(await survival(dataSource, proxy())).to.deep.equal(ALL);
        });

        const afterUndo = way === 'wrapper' ? NONE : ALL;
        const stays = way === 'wrapper' ? 'stays bare' : 'is guarded again, as its options say,';

        it(`${stays} when it is initialized after an undo()`, async () => {
          await dataSource.initialize();
          guard(dataSource).undo();
          expect(await survival(dataSource, proxy())).to.deep.equal(NONE);
          await dataSource.destroy();
          await dataSource.initialize();
          expect(await survival(dataSource, proxy())).to.deep.equal(afterUndo);
        });
      });
    }

    it('has one guard all the time, which tells of the pool that is there', async () => {
      const dataSource = database.dataSource();
      const lifeguard = guard(dataSource);
      expect(lifeguard.stats()).to.include({ total: 0, borrows: 0 });
      for (const round of [1, 2]) {
        await dataSource.initialize();
        const { borrows } = lifeguard.stats();
        await Promise.all([dataSource.query('SELECT 1'), dataSource.query('SELECT 1')]);
        expect(lifeguard.stats(), `round ${round}`).to.include({ borrows: borrows + 2, total: 2 });
        expect(guard(dataSource)).to.equal(lifeguard);
        await dataSource.destroy();
      }
    });

    it('leaves no timer and no connection of its old pool behind', async () => {
      const timers = new TimerWatch();
      try {
        const dataSource = database.dataSource();
        guard(dataSource);
        for (const round of [1, 2]) {
          await dataSource.initialize();
          await Promise.all([1, 2, 3].map(() => dataSource.query('SELECT SLEEP(0.01)')));
          expect(timers.running, `round ${round}`).to.be.greaterThan(0);
          await dataSource.destroy();
          await waitUntil(() => timers.running === 0, { what: 'the end of all timers' });
          await waitUntil(async () => (await database.sessions()).length === 0);
        }
      } finally {
        timers.stop();
      }
    });

    it('has a new pool that a runner of the old one has no part in', async () => {
      const dataSource = await database.dataSource().initialize();
      guard(dataSource);
      const old = await heldRunner(dataSource);
      const pool = poolOf(dataSource);
      await dataSource.destroy();
      await dataSource.initialize();
      expect(poolOf(dataSource)).not.to.equal(pool);
      await old.release();
      const runner = await heldRunner(dataSource);
      await cut(server(), runner);
      expect(await connectionId(runner)).to.be.a('number');
      await runner.release();
      expect(poolOf(dataSource)._allConnections.length).to.equal(1);
    });
  });
});
