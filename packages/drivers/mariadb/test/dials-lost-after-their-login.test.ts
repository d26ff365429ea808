import { eachServer, startProxy, type FaultProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool } from 'mariadb';
import { guard } from '../src/index.ts';
import { heedless } from './subjects/mariadb-options.ts';
import { drop, loginOf } from './support/same.ts';

/** How much of what the server says gets through: its greeting, its welcome, what follows. */
const BYTES = Array.from({ length: 20 }, (_, n) => 90 + 10 * n);

describe('a connection that is lost while the driver sets up its session', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    let unhandled: unknown[];
    let listeners: NodeJS.UnhandledRejectionListener[];
    const note = (error: unknown): void => void unhandled.push(error);
    beforeEach(async () => {
      proxy = await startProxy(server());
      unhandled = [];
      listeners = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
    });
    afterEach(async () => {
      process.removeListener('unhandledRejection', note);
      for (const listener of listeners) process.on('unhandledRejection', listener);
      await proxy.stop();
    });

    it('leaves no rejection that nobody handles, guarded', async () => {
      for (const bytes of BYTES) {
        const { port } = proxy;
        // The pool would dial before there is a guard, if it had to keep one idle.
        const pool = createPool({ ...loginOf(server()), port, connectionLimit: 1, minimumIdle: 0 });
        heedless(pool);
        guard(pool, { connectionTimeout: 150, logger: false });
        proxy.resetNewAfter('server', bytes);
        await pool.query('DO 1').catch(() => undefined);
        drop(pool);
      }
      expect(unhandled.map(String)).to.deep.equal([]);
    });
  });
});
