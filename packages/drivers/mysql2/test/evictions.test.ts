import { eachServer, startProxy, waitUntil, type FaultProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { guard, type Guard, type LifeguardOptions } from '../src/index.ts';
import { ask, askOne, borrow, borrowAll, inside } from './support/calls.ts';
import { drop } from './support/same.ts';
import { clientsOf, untilClients } from './support/server-side.ts';

describe('connections are taken out', () => {
  eachServer((server) => {
    let database: string;
    let proxy: FaultProxy;
    let pool: Pool;
    let handle: Guard;
    const open = async (lifeguard: LifeguardOptions = {}): Promise<void> => {
      proxy = await startProxy(server());
      database = await server().createDatabase();
      const { port } = proxy;
      pool = createPool({ ...server().connectionOptions(), database, port, connectionLimit: 4 });
      handle = guard(pool, { keepaliveTime: 0, ...lifeguard });
      for (const connection of await borrowAll(pool, 4)) connection.release();
    };
    afterEach(async () => {
      drop(pool);
      await proxy.stop();
      await server().dropDatabase(database);
    });

    it('by evictStale(): the good ones stay', async () => {
      await open();
      expect(await handle.evictStale()).to.deep.equal({ checked: 4, evicted: 0 });
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({ total: 4, idle: 4, borrows: 4 });
    });

    it('by evictStale(): the closed ones go, though nobody has read of it yet', async () => {
      await open({ aliveBypassWindow: 0 });
      const [victim] = await clientsOf(server(), database);
      await server().kill(victim?.id ?? 0);
      const { checked, evicted } = await handle.evictStale();
      expect(checked - evicted).to.equal(3);
      expect(handle.stats()).to.include({ total: 3 });
      expect(handle.stats().closed).to.deep.equal({ closed: 1 });
    });

    it('by evictStale(): the silent ones go, all validated at once', async () => {
      await open({ pingIdleAfter: 0, aliveBypassWindow: 0, validationTimeout: 100 });
      proxy.blackhole('existing');
      const evicting = handle.evictStale();
      expect(handle.stats()).to.include({ validating: 4 });
      expect(await evicting).to.deep.equal({ checked: 4, evicted: 4 });
      expect(handle.stats().closed).to.deep.equal({ 'ping-timeout': 4 });
      expect(inside(pool)._allConnections.length).to.equal(0);
      expect(await askOne(pool, 'SELECT 1')).to.equal(1);
    });

    it('by evictStale(): those past their lifetime go, and lent ones are left alone', async () => {
      await open({ maxLifetime: 1 });
      const held = await borrow(pool);
      await ask(held, 'DO SLEEP(0.01)');
      // One of them may just be asked for its idle limit.
      await waitUntil(async () => (await handle.evictStale()).checked === 0);
      await waitUntil(() => handle.stats().validating === 0);
      await handle.evictStale();
      expect(handle.stats()).to.include({ lent: 1, idle: 0 });
      expect(await askOne(held, 'SELECT 1')).to.equal(1);
      held.release();
      expect(handle.stats()).to.include({ total: 0 });
      expect(handle.stats().closed['lifetime']).to.be.at.least(1);
    });

    it('by evictStale(): those under validation are waited for by whoever borrows', async () => {
      await open({ pingIdleAfter: 0, aliveBypassWindow: 0 });
      const checking = handle.evictStale();
      const answers = [1, 2, 3, 4, 5, 6].map((n) => askOne(pool, 'SELECT ?', [n]));
      expect(await Promise.all(answers)).to.deep.equal([1, 2, 3, 4, 5, 6]);
      expect(await checking).to.include({ evicted: 0 });
      expect(handle.stats()).to.include({ opened: 4 });
    });

    it('by evictAll(): the idle ones now, with a goodbye, the lent ones at their release', async () => {
      await open();
      const held = await borrowAll(pool, 2);
      handle.evictAll();
      await untilClients(server(), database, 2);
      expect(handle.stats()).to.include({ total: 2, lent: 2, idle: 0 });
      const answers = held.map((connection) => askOne(connection, 'SELECT 1'));
      expect(await Promise.all(answers)).to.deep.equal([1, 1]);
      for (const connection of held) connection.release();
      await untilClients(server(), database, 0);
      expect(handle.stats()).to.include({ total: 0 });
      expect(handle.stats().closed).to.deep.equal({ generation: 4 });
    });

    it('by evictAll(): waiters get fresh ones in place of those released', async () => {
      await open();
      const held = await borrowAll(pool, 4);
      const waiting = [1, 2].map((n) => askOne(pool, 'SELECT ?', [n]));
      handle.evictAll();
      for (const connection of held) connection.release();
      expect(await Promise.all(waiting)).to.deep.equal([1, 2]);
      expect(handle.stats().closed).to.deep.equal({ generation: 4 });
      expect(handle.stats().opened).to.be.within(5, 6);
    });

    it('by evictAll(): also those being validated, and nobody who waits for them fails', async () => {
      await open({ pingIdleAfter: 0, aliveBypassWindow: 0 });
      const answers = [1, 2, 3, 4, 5].map((n) => askOne(pool, 'SELECT ?', [n]));
      expect(handle.stats()).to.include({ validating: 4 });
      handle.evictAll();
      expect(await Promise.all(answers)).to.deep.equal([1, 2, 3, 4, 5]);
      await waitUntil(() => handle.stats().closed['generation'] === 4);
    });

    it('by an idle limit below the server’s, and by a lifetime, with a margin for chance', async () => {
      await open({ idleTimeout: 1 });
      const before = handle.stats().opened;
      await waitUntil(async () => {
        await ask(pool, 'DO 1');
        return handle.stats().closed['idle-timeout'];
      });
      expect(handle.stats().opened).to.be.greaterThan(before);
    });
  });
});
