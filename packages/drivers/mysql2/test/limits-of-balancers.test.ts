import { eachServer, startProxy, waitUntil, type FaultProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from '../src/index.ts';
import { ask, askOne, borrowAll } from './support/calls.ts';
import { drop } from './support/same.ts';

const LIMIT_MS = 1_500;

describe('an idle limit on the way, far below that of the server', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    let pool: Pool;
    beforeEach('start a proxy', async () => {
      proxy = await startProxy(server());
      pool = createPool({ ...server().connectionOptions(), port: proxy.port, connectionLimit: 4 });
    });
    afterEach(async () => {
      drop(pool);
      await proxy.stop();
    });

    it('closes connections again and again, bare', async () => {
      proxy.limitIdle(LIMIT_MS);
      for (const times of [1, 2]) {
        await ask(pool, 'DO 1');
        await waitUntil(() => proxy.connections().filter(({ open }) => !open).length === times);
      }
    });

    it('is learned guarded: from the second time on none is lent that may have been closed', async () => {
      const handle = guard(pool, { keepaliveTime: 0 });
      for (const connection of await borrowAll(pool, 4)) connection.release();
      proxy.limitIdle(LIMIT_MS);
      await waitUntil(() => handle.stats().closed.closed === 4);
      const { learnedIdleTimeoutMs = Infinity } = handle.stats();
      expect(learnedIdleTimeoutMs).to.be.below(LIMIT_MS);
      // So that only the guard can end it, and this is no race.
      proxy.limitIdle(0);
      const first = await askOne(pool, 'SELECT CONNECTION_ID()');
      // The reading of the server's limit, at its first idle moment, has ended its silence once.
      await sleep(learnedIdleTimeoutMs + 200);
      expect(await askOne(pool, 'SELECT CONNECTION_ID()')).not.to.equal(first);
      expect(handle.stats().closed).to.deep.equal({ closed: 4, 'idle-timeout': 1 });
    });

    it('is not seen in connections that were killed, or in a server that went away', async () => {
      const handle = guard(pool, { keepaliveTime: 0 });
      const connections = await borrowAll(pool, 4);
      for (const connection of connections) {
        await ask(connection, 'DO 1');
        connection.release();
        await sleep(600);
      }
      await proxy.refuse();
      proxy.close();
      await waitUntil(() => handle.stats().closed.closed === 4);
      expect(handle.stats().learnedIdleTimeoutMs).to.equal(undefined);
    });
  });
});
