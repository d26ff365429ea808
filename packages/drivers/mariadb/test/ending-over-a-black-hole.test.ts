import { eachServer, startProxy, waitUntil, type FaultProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mariadb';
import { guard } from '../src/index.ts';
import { borrow } from './support/cores.ts';

describe('end() of a pool over a black hole', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    let pool: Pool;
    beforeEach(async () => {
      proxy = await startProxy(server());
      const { host, port } = proxy;
      const to = { ...server().connectionOptions(), host, port };
      pool = createPool({ ...to, connectionLimit: 3, minimumIdle: 1 });
    });
    afterEach(() => proxy.stop());

    it('closes the sockets of what was at rest', async () => {
      guard(pool, { validationTimeout: 200 });
      const first = await borrow(pool);
      const second = await borrow(pool);
      const sockets = [first, second].map(({ core }) => core.socket);
      for (const { wrapper } of [first, second]) await wrapper.release();
      proxy.blackhole();
      await pool.end();
      await waitUntil(() => sockets.every((socket) => socket?.destroyed));
    });

    it('comes to its end with a statement under way, whose sender is told', async function () {
      this.timeout(30_000);
      guard(pool);
      const { wrapper: connection, core } = await borrow(pool);
      const { socket } = core;
      proxy.blackhole();
      const told = connection.query('SELECT 1').catch((error: Error) => error.message);
      const ended = pool.end();
      expect(await told).to.include('The pool is closed.');
      await connection.release();
      await ended;
      expect(socket?.destroyed).to.equal(true);
    });
  });
});
