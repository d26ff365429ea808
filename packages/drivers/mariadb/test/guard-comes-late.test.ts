import { eachServer, failureOf, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolConfig } from 'mariadb';
import { guard } from '../src/index.ts';
import { heedless } from './subjects/mariadb-options.ts';
import { borrow } from './support/cores.ts';
import { drop, filled, loginOf } from './support/same.ts';

describe('a guard that comes to a pool in use', () => {
  eachServer((server) => {
    let pool: Pool;
    const open = (options: PoolConfig): void => {
      pool = createPool({ ...loginOf(server()), ...options });
      heedless(pool);
    };
    afterEach(() => drop(pool));

    it('takes back the connections that were lent before it', async () => {
      open({ connectionLimit: 2, minimumIdle: 1 });
      const lent = [await borrow(pool), await borrow(pool)];
      const handle = guard(pool);
      expect(handle.stats()).to.include({ total: 2, lent: 2, idle: 0 });
      expect(pool.activeConnections()).to.equal(2);
      for (const { wrapper } of lent) await wrapper.release();
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({ total: 2, lent: 0, idle: 2 });
      const again = [await borrow(pool), await borrow(pool)];
      const cores = (leases: typeof lent): object[] => leases.map(({ core }) => core);
      expect(cores(again)).to.have.members(cores(lent));
    });

    it('doubts the idle connections it finds: the first borrow of each asks the server', async () => {
      open({ connectionLimit: 2, minimumIdle: 2 });
      await filled(pool, 2);
      const handle = guard(pool);
      for (let round = 0; round < 2; round += 1) {
        const both = await Promise.all([pool.getConnection(), pool.getConnection()]);
        for (const connection of both) await connection.release();
      }
      expect(handle.stats()).to.include({ pings: 2, used: 2, opened: 0, total: 2 });
    });

    it('serves those who wait already, in their order and before newer ones', async () => {
      open({ connectionLimit: 1, minimumIdle: 1 });
      const held = await pool.getConnection();
      const order: string[] = [];
      const use = async (name: string): Promise<void> => {
        await pool.query('SELECT ?', [name]);
        order.push(name);
      };
      const early = ['first', 'second'].map(use);
      await turns();
      const handle = guard(pool);
      const late = use('third');
      expect(handle.stats()).to.include({ pending: 3 });
      await held.release();
      await Promise.all([...early, late]);
      expect(order).to.deep.equal(['first', 'second', 'third']);
    });

    it('keeps its own deadline for those who wait already', async () => {
      open({ connectionLimit: 1, minimumIdle: 1 });
      const held = await pool.getConnection();
      const early = failureOf(pool.query('DO 1'));
      await turns();
      const handle = guard(pool, { connectionTimeout: 50 });
      expect(await early).to.include({ code: 'LIFEGUARD_CONNECTION_TIMEOUT' });
      expect(handle.stats()).to.include({ pending: 0, timeouts: 1 });
      await held.release();
    });

    it('counts the end of a lease from before it once', async () => {
      open({ connectionLimit: 1, minimumIdle: 1 });
      const { wrapper, core } = await borrow(pool);
      const handle = guard(pool);
      await wrapper.release();
      await wrapper.release();
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({ total: 1, idle: 1, lent: 0 });
      expect((await borrow(pool)).core).to.equal(core);
    });

    it('takes over a dial that is under way', async () => {
      open({ connectionLimit: 1, minimumIdle: 1 });
      const handle = guard(pool);
      expect(handle.stats()).to.include({ total: 1, opening: 1, lent: 0 });
      expect(await pool.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({ total: 1, idle: 1, opening: 0, opened: 1 });
    });

    it('leaves a statement that is under way alone', async () => {
      open({ connectionLimit: 1, minimumIdle: 1 });
      await filled(pool, 1);
      const slow = pool.query('SELECT SLEEP(0.05) AS slept');
      await turns();
      const handle = guard(pool);
      expect(await slow).to.have.deep.members([{ slept: 0 }]);
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({ total: 1, idle: 1 });
      expect(await pool.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
    });

    it('does nothing to a pool that has ended', async () => {
      open({ connectionLimit: 1 });
      await pool.query('DO 1');
      await pool.end();
      guard(pool).undo();
      expect(guard(pool).stats()).to.include({ total: 0, borrows: 0 });
      expect((await failureOf(pool.query('DO 1'))).code).to.equal('ER_POOL_ALREADY_CLOSED');
    });
  });
});
