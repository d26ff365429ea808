import { guard, type Guard, type LifeguardOptions } from '@pool-lifeguard/typeorm';
import { eachServer, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { lossOf } from './support/failure.ts';
import { countsOf, nothingLeaked, poolOf } from './support/pool.ts';
import { connectionId, cut, heldBy, heldRunner } from './support/runner.ts';
import { ALERT } from './support/stale.ts';

describe('a held query runner on a network that drops its packets', () => {
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

    describe('of the connections it has', () => {
      // Zero spares the wait: every use counts as one after a long silence.
      const alwaysPing = {
        aliveBypassWindow: 0,
        pingAfter: 0,
        validationTimeout: '250ms',
      } as const;

      beforeEach(() => guardIt(alwaysPing));

      it('is moved after one validation and one dial', async () => {
        const runner = await heldRunner(dataSource);
        const dead = heldBy(runner).threadId;
        const { pings, opened } = lifeguard.stats();
        proxy().blackhole('existing');
        expect(await connectionId(runner)).not.to.equal(dead);
        expect(lifeguard.stats()).to.include({ pings: pings + 1, opened: opened + 1 });
        await runner.release();
        expect(countsOf(poolOf(dataSource))).to.deep.equal({ all: 1, free: 1 });
      });

      it('validates once for all statements of one moment', async () => {
        const runner = await heldRunner(dataSource);
        const { pings } = lifeguard.stats();
        proxy().blackhole('existing');
        const asked = Array.from({ length: 10 }, () => connectionId(runner));
        expect(new Set(await Promise.all(asked)).size).to.equal(1);
        expect(lifeguard.stats()).to.include({ pings: pings + 1, moved: 1 });
        await runner.release();
      });

      it('says after one validation that its transaction is lost', async () => {
        const runner = await heldRunner(dataSource);
        await runner.startTransaction();
        const { pings } = lifeguard.stats();
        proxy().blackhole('existing');
        await lossOf(runner.query('SELECT 1'), 'LIFEGUARD_TRANSACTION_LOST');
        expect(lifeguard.stats()).to.include({ pings: pings + 1, timeouts: 0 });
        await runner.rollbackTransaction();
        await runner.release();
      });

      it('stays on a connection that answers', async () => {
        const runner = await heldRunner(dataSource);
        const { threadId } = heldBy(runner);
        expect(await connectionId(runner)).to.equal(threadId);
        expect(lifeguard.stats()).to.include({ moved: 0 });
        await runner.release();
        await nothingLeaked(dataSource, database);
      });
    });

    it('gives up within connectionTimeout when new connections are dropped too', async () => {
      guardIt({ ...ALERT, connectionTimeout: '400ms', validationTimeout: '100ms' });
      const runner = await heldRunner(dataSource);
      proxy().blackhole('all');
      await lossOf(runner.query('SELECT 1'), 'LIFEGUARD_CONNECTION_TIMEOUT');
      await proxy().pass();
      expect(await connectionId(runner)).to.equal(heldBy(runner).threadId);
      await runner.release();
    });

    it('is looked at and left alone when nothing is wrong', async () => {
      guardIt({ aliveBypassWindow: 0 });
      const runner = await heldRunner(dataSource);
      const { threadId } = heldBy(runner);
      expect(await connectionId(runner)).to.equal(threadId);
      expect(lifeguard.stats().looks).to.be.greaterThan(0);
      await cut(server(), runner);
      expect(await connectionId(runner)).not.to.equal(threadId);
      await runner.release();
    });
  });
});
