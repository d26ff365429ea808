import { eachServer, startProxy, turns, type FaultProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { guard } from '../src/index.ts';
import { askOne, borrow, inside, within } from './support/calls.ts';
import { knowsReset } from './support/driver.ts';
import { drop } from './support/same.ts';

describe('resetOnRelease over a black hole', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    let pool: Pool;
    beforeEach(async () => {
      proxy = await startProxy(server());
      const { port } = proxy;
      const options = { ...server().connectionOptions(), port, connectionLimit: 1 };
      pool = createPool({ ...options, ...(knowsReset ? { resetOnRelease: true } : {}) });
    });
    afterEach(async () => {
      drop(pool);
      await proxy.stop();
    });

    it('leaves a bare connection neither free nor gone, where the driver resets at all', async () => {
      const connection = await borrow(pool);
      proxy.blackhole('existing');
      connection.release();
      await turns();
      expect(inside(pool)._allConnections.length).to.equal(1);
      expect(inside(pool)._freeConnections.length).to.equal(knowsReset ? 0 : 1);
      expect((within(connection)._command ?? null) !== null).to.equal(knowsReset);
    });

    it('ends after validationTimeout guarded, and the next borrower gets a fresh one', async () => {
      const handle = guard(pool, { validationTimeout: 60, aliveBypassWindow: 0, pingIdleAfter: 0 });
      const connection = await borrow(pool);
      proxy.blackhole('existing');
      connection.release();
      expect(await askOne(pool, 'SELECT 1')).to.equal(1);
      expect(within(connection).stream.destroyed).to.equal(true);
      const reason = knowsReset ? 'reset-failed' : 'ping-timeout';
      expect(handle.stats().closed).to.deep.equal({ [reason]: 1 });
    });
  });
});
