import {
  eachServer,
  failureOf,
  startProxy,
  waitUntil,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolOptions } from 'mysql2';
import { guard, type Guard, type LifeguardOptions } from '../src/index.ts';
import { ask, borrow, borrowAll, inside, within } from './support/calls.ts';
import { drop } from './support/same.ts';
import { clientsOf } from './support/server-side.ts';

describe('stats()', () => {
  eachServer((server) => {
    let database: string;
    let pool: Pool;
    let handle: Guard;
    let proxy: FaultProxy | undefined;
    const open = (options: PoolOptions = {}, lifeguard: LifeguardOptions = {}): void => {
      pool = createPool({ ...server().connectionOptions(), database, ...options });
      handle = guard(pool, lifeguard);
    };
    beforeEach(async () => {
      database = await server().createDatabase();
    });
    afterEach(async () => {
      drop(pool);
      await proxy?.stop();
      proxy = undefined;
      await server().dropDatabase(database);
    });

    it('tells what the server sees, and who has it', async () => {
      open({ connectionLimit: 3 });
      const [one, two] = await borrowAll(pool, 3);
      const waiting = [borrow(pool), borrow(pool)];
      expect(handle.stats()).to.include({ total: 3, lent: 3, idle: 0, pending: 2, opening: 0 });
      expect((await clientsOf(server(), database)).length).to.equal(3);
      one?.release();
      two?.destroy();
      (await waiting[0])?.release();
      (await waiting[1])?.release();
      // Who waited may be served before the dial that was meant for him is done.
      await waitUntil(() => handle.stats().opened === 4);
      expect(handle.stats()).to.include({ total: 3, lent: 1, pending: 0, opened: 4 });
      // One of them may just be asked for its idle limit.
      const { idle, validating } = handle.stats();
      expect(idle + validating).to.equal(2);
      expect(handle.stats().closed).to.deep.equal({ removed: 1 });
    });

    it('names the pool by its address and database, or as it is told', async () => {
      open();
      const { host, port } = server();
      expect(handle.stats().poolName).to.equal(`${host}:${port}/${database}`);
      drop(pool);
      open({}, { poolName: 'tweets' });
      expect(handle.stats()).to.include({ poolName: 'tweets', mode: 'on' });
    });

    it('counts every borrow by what it met', async () => {
      open({ connectionLimit: 1 }, { aliveBypassWindow: 0 });
      for (let round = 0; round < 3; round += 1) await ask(pool, 'DO 1');
      expect(handle.stats()).to.include({ borrows: 3, used: 0, looks: 2, pings: 0, opened: 1 });
      handle.undo();
      handle = guard(pool, { aliveBypassWindow: '1h' });
      for (let round = 0; round < 3; round += 1) await ask(pool, 'DO 1');
      expect(handle.stats()).to.include({ borrows: 3, used: 2, looks: 0, pings: 1, opened: 0 });
    });

    it('counts what is being opened, what is being validated, and who waits for it', async () => {
      open({ connectionLimit: 2 }, { aliveBypassWindow: 0, pingIdleAfter: 0 });
      const opening = borrowAll(pool, 2);
      expect(handle.stats()).to.include({ opening: 2, pending: 2, lent: 0, total: 2 });
      for (const connection of await opening) connection.release();
      const validating = borrowAll(pool, 2);
      expect(handle.stats()).to.include({ validating: 2, pending: 2, idle: 0, lent: 0 });
      await validating;
      expect(handle.stats()).to.include({ validating: 0, pending: 0, lent: 2, pings: 2 });
    });

    it('counts what the server closed', async () => {
      open({ connectionLimit: 3 }, { keepaliveTime: 0 });
      for (const connection of await borrowAll(pool, 3)) connection.release();
      await server().killAll({ db: database });
      await waitUntil(() => handle.stats().total === 0);
      expect(handle.stats().closed).to.deep.equal({ closed: 3 });
      await ask(pool, 'DO 1');
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({ total: 1, idle: 1, lent: 0, opened: 4 });
    });

    it('counts failed dials and deadlines, and forgets neither', async () => {
      proxy = await startProxy(server());
      open({ port: proxy.port }, { connectionTimeout: 500 });
      await proxy.refuse();
      await failureOf(borrow(pool));
      const { timeouts, openFailures, pending, opening } = handle.stats();
      expect({ timeouts, pending }).to.deep.equal({ timeouts: 1, pending: 0 });
      expect(openFailures).to.be.at.least(2);
      expect(opening).to.be.at.most(1);
      await proxy.pass();
      await ask(pool, 'DO 1');
      expect(handle.stats()).to.include({ timeouts: 1, opened: 1 });
    });

    it("tells the server's idle limit once it was read, at a quiet moment", async () => {
      await server().setGlobal('wait_timeout', 1234);
      open({ connectionLimit: 1 });
      expect(handle.stats().waitTimeoutMs).to.equal(undefined);
      await ask(pool, 'DO 1');
      await waitUntil(() => handle.stats().waitTimeoutMs);
      expect(handle.stats()).to.include({ waitTimeoutMs: 1_234_000, total: 1, borrows: 1 });
      await waitUntil(() => handle.stats().idle === 1);
      await server().restoreGlobals();
    });

    it('is a snapshot, and the pool may end meanwhile', async () => {
      open({ connectionLimit: 1 });
      const before = handle.stats();
      const connection = await borrow(pool);
      expect(before).to.include({ borrows: 0, total: 0 });
      connection.release();
      await new Promise((resolve) => pool.end(resolve));
      expect(handle.stats()).to.include({ borrows: 1, pending: 0 });
      expect(inside(pool)._closed).to.equal(true);
      expect(within(connection)._closing).to.equal(true);
    });
  });
});
