import { eachServer, startProxy, turns, waitUntil, type FaultProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { guard } from '../src/index.ts';
import { ask, borrow, borrowAll, end, within } from './support/calls.ts';

describe('end() of a pool over a black hole', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    let pool: Pool;
    /** Fills the pool, and tells how many of its sockets are open. */
    const fill = async (): Promise<() => number> => {
      const connections = await borrowAll(pool, 3);
      const streams = connections.map((connection) => within(connection).stream);
      for (const connection of connections) connection.release();
      return () => streams.filter(({ destroyed }) => !destroyed).length;
    };
    beforeEach(async () => {
      proxy = await startProxy(server());
      pool = createPool({ ...server().connectionOptions(), port: proxy.port, connectionLimit: 3 });
    });
    afterEach(() => proxy.stop());

    it('leaves its sockets open bare', async () => {
      const stillOpen = await fill();
      proxy.blackhole();
      await end(pool);
      await turns();
      expect(stillOpen()).to.equal(3);
    });

    it('closes them guarded', async () => {
      guard(pool, { validationTimeout: 200 });
      const stillOpen = await fill();
      proxy.blackhole();
      await end(pool);
      await waitUntil(() => stillOpen() === 0);
    });

    it('comes to its end with a statement under way, whose sender is told', async function () {
      this.timeout(30_000);
      guard(pool);
      const stillOpen = await fill();
      const connection = await borrow(pool);
      proxy.blackhole();
      const told = ask(connection, 'SELECT 1').catch((error: Error) => error.message);
      // Nobody waits for it: what is given up must not be thrown then, either.
      pool.end();
      expect(await told).to.equal('Pool is closed.');
      expect(stillOpen()).to.equal(0);
    });
  });
});
