import { eachServer, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolConfig } from 'mariadb';
import { EventEmitter } from 'node:events';
import { guard, type LifeguardOptions } from '../src/index.ts';
import { heedless } from './subjects/mariadb-options.ts';
import { borrow } from './support/cores.ts';
import { Journal } from '@pool-lifeguard/testkit/parity';
import { drop, filled, loginOf } from './support/same.ts';

describe('undo()', () => {
  eachServer((server) => {
    let pool: Pool;
    let twin: Pool;
    const open = (options: PoolConfig = {}): void => {
      const all = { ...loginOf(server()), connectionLimit: 2, minimumIdle: 2, ...options };
      [pool, twin] = [createPool(all), createPool(all)];
      heedless(pool);
      heedless(twin);
    };
    afterEach(() => [pool, twin].forEach(drop));

    for (const enabled of [true, 'observe'] as const) {
      it(`leaves the pool and its connections as a bare twin has them (enabled: ${enabled})`, async () => {
        open();
        const handle = guard(pool, { enabled });
        for (const one of [pool, twin]) await useEveryWay(one);
        handle.undo();
        await turns();
        expect(shapeOf(pool)).to.deep.equal(shapeOf(twin));
        const [ours, theirs] = [await borrow(pool), await borrow(twin)];
        expect(shapeOf(ours.core)).to.deep.equal(shapeOf(theirs.core));
        expect(shapeOf(ours.wrapper)).to.deep.equal(shapeOf(theirs.wrapper));
        expect(handle.stats().borrows).to.equal(5);
      });
    }

    it('gives lent connections back to the pool, and their release goes the bare way', async () => {
      open();
      const handle = guard(pool);
      await filled(pool, 2);
      const { wrapper, core } = await borrow(pool);
      const before = Object.keys(core).length;
      handle.undo();
      expect(Object.keys(core).length).to.be.at.most(before);
      expect(numbersOf(pool)).to.deep.equal({ active: 1, idle: 1, total: 2 });
      const journal = new Journal().follow(pool);
      await wrapper.release();
      expect(journal.lines).to.deep.equal(['release c1']);
      expect(numbersOf(pool)).to.deep.equal({ active: 0, idle: 2, total: 2 });
    });

    it('leaves all events and their order bare', async () => {
      open();
      guard(pool).undo();
      await Promise.all([filled(pool, 2), filled(twin, 2)]);
      await turns();
      const lines = [pool, twin].map(async (one) => {
        const journal = new Journal().follow(one);
        await useEveryWay(one);
        await turns();
        return journal.counts();
      });
      const [ours, theirs] = await Promise.all(lines);
      expect(ours).to.deep.equal(theirs);
    });

    it('a second time does nothing, also when the pool was guarded anew meanwhile', async () => {
      open();
      const first = guard(pool);
      first.undo();
      first.undo();
      const second = guard(pool);
      first.undo();
      await pool.query('DO 1');
      expect(second).not.to.equal(first);
      expect(second.stats().borrows).to.equal(1);
      second.undo();
      expect(Object.hasOwn(pool, 'getConnection')).to.equal(false);
    });

    const doubts: Readonly<Record<string, LifeguardOptions>> = {
      'a look': { aliveBypassWindow: 0 },
      'a ping': { aliveBypassWindow: 0, pingIdleAfter: 0 },
    };
    for (const [by, options] of Object.entries(doubts)) {
      it(`while borrowers wait for ${by} serves them all`, async () => {
        open();
        const handle = guard(pool, options);
        await filled(pool, 2);
        const order: number[] = [];
        const waiting = [1, 2, 3, 4, 5].map((place) => useInTurn(pool, place, order));
        handle.undo();
        await Promise.all(waiting);
        await waitUntil(() => pool.idleConnections() === 2);
        expect(order.toSorted((one, other) => one - other)).to.deep.equal([1, 2, 3, 4, 5]);
        expect(numbersOf(pool)).to.deep.equal({ active: 0, idle: 2, total: 2 });
        await pool.end();
      });
    }

    it('while borrowers wait for dials serves them all, and counts no connection twice', async () => {
      open();
      const handle = guard(pool);
      const order: number[] = [];
      const waiting = [1, 2, 3, 4].map((place) => useInTurn(pool, place, order));
      handle.undo();
      await Promise.all(waiting);
      expect(order.length).to.equal(4);
      const [one, other] = [await borrow(pool), await borrow(pool)];
      expect(one.core).not.to.equal(other.core);
    });

    it('while a connection is validated opens none beside it, and leaves none behind', async () => {
      const database = await server().createDatabase('undo');
      open({ connectionLimit: 1, minimumIdle: 1, database });
      await twin.end();
      await pool.query('DO 1');
      const handle = guard(pool, { pingIdleAfter: 0, aliveBypassWindow: 0 });
      const answer = pool.query('SELECT 2 AS two');
      expect(handle.stats()).to.include({ validating: 1 });
      handle.undo();
      expect(await answer).to.have.deep.members([{ two: 2 }]);
      const clients = async (): Promise<number> =>
        (await server().processList()).filter(({ db }) => db === database).length;
      await waitUntil(async () => (await clients()) === 1, { what: 'one connection' });
      await pool.end();
      await waitUntil(async () => (await clients()) === 0, { what: 'the end of all connections' });
      await server().dropDatabase(database);
    });

    it('while borrowers wait for lent connections serves them all, in their order', async () => {
      open();
      const handle = guard(pool);
      await filled(pool, 2);
      const lent = [await pool.getConnection(), await pool.getConnection()];
      const order: number[] = [];
      const waiting = [1, 2, 3, 4].map((place) => useInTurn(pool, place, order));
      handle.undo();
      expect(pool.taskQueueSize()).to.equal(4);
      for (const connection of lent) await connection.release();
      await Promise.all(waiting);
      expect(order).to.deep.equal([1, 2, 3, 4]);
    });

    it('while a transaction is rolled back gives its connection back to the pool', async () => {
      open({ connectionLimit: 1, minimumIdle: 1 });
      const handle = guard(pool);
      const held = await pool.getConnection();
      await held.beginTransaction();
      const released = held.release();
      handle.undo();
      await released;
      await waitUntil(() => pool.idleConnections() === 1);
      expect(numbersOf(pool)).to.deep.equal({ active: 0, idle: 1, total: 1 });
      expect(await pool.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
    });
  });
});

async function useEveryWay(pool: Pool): Promise<void> {
  await filled(pool, 2);
  await pool.query('SELECT 1');
  const connection = await pool.getConnection();
  const waiting = [pool.query('SELECT 2'), pool.execute('SELECT 3'), pool.query('SELECT 4')];
  await waiting[0];
  await connection.release();
  await Promise.all(waiting);
}

async function useInTurn(pool: Pool, place: number, order: number[]): Promise<void> {
  const connection = await pool.getConnection();
  order.push(place);
  await connection.query('DO 1');
  await connection.release();
}

function numbersOf(pool: Pool): Record<string, number> {
  const [active, idle] = [pool.activeConnections(), pool.idleConnections()];
  return { active, idle, total: pool.totalConnections() };
}

/** Own properties by name and kind, and listeners by event. */
function shapeOf(target: object): unknown {
  const keys = Reflect.ownKeys(target).map((key) => {
    const { get, enumerable } = Object.getOwnPropertyDescriptor(target, key) ?? {};
    return [key, get !== undefined, enumerable];
  });
  if (!(target instanceof EventEmitter)) return { keys };
  const emitter: EventEmitter = target;
  const listeners = emitter.eventNames().map((name) => [name, emitter.listenerCount(name)]);
  return { keys, listeners };
}
