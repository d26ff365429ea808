import { eachServer, turns } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolOptions } from 'mysql2';
import { guard, type LifeguardOptions } from '../src/index.ts';
import { ask, askOne, borrow, borrowAll, end, inside } from './support/calls.ts';
import { Journal } from '@pool-lifeguard/testkit/parity';
import { drop } from './support/same.ts';

describe('undo()', () => {
  eachServer((server) => {
    let pool: Pool;
    let twin: Pool;
    const open = (options: PoolOptions = {}): void => {
      const all = { ...server().connectionOptions(), connectionLimit: 2, ...options };
      pool = createPool(all);
      twin = createPool(all);
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
        const [ours] = [...Array(2)].map((_, index) => inside(pool)._allConnections.get(index));
        const theirs = inside(twin)._allConnections.get(0);
        expect(shapeOf(ours ?? {})).to.deep.equal(shapeOf(theirs));
        expect(Object.getPrototypeOf(pool)).to.equal(Object.getPrototypeOf(twin));
      });
    }

    it('gives lent connections back their own shape, and their release goes the bare way', async () => {
      open();
      const handle = guard(pool);
      const [held, theirs] = await Promise.all([borrow(pool), borrow(twin)]);
      handle.undo();
      expect(shapeOf(held)).to.deep.equal(shapeOf(theirs));
      const journal = new Journal().follow(pool);
      held.release();
      expect(journal.lines).to.deep.equal(['release c1']);
      expect(inside(pool)._freeConnections.length).to.equal(1);
      expect(handle.stats().borrows).to.equal(1);
    });

    it('leaves all events and their order bare', async () => {
      open();
      guard(pool).undo();
      const lines = [pool, twin].map(async (one) => {
        const journal = new Journal().follow(one);
        await useEveryWay(one);
        return journal.lines;
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
      await ask(pool, 'DO 1');
      expect(second).not.to.equal(first);
      expect(second.stats().borrows).to.equal(1);
      second.undo();
      expect(Object.hasOwn(pool, 'getConnection')).to.equal(false);
    });

    it('leaves what somebody else has put over it, and does nothing underneath', async () => {
      open();
      const handle = guard(pool);
      const ours = pool.getConnection;
      let seen = 0;
      pool.getConnection = function (callback) {
        seen += 1;
        ours.call(this, callback);
      };
      handle.undo();
      expect(await askOne(pool, 'SELECT 1')).to.equal(1);
      expect(await askOne(pool, 'SELECT 2')).to.equal(2);
      expect(seen).to.equal(2);
      expect(handle.stats().borrows).to.equal(0);
    });

    const doubts: Readonly<Record<string, LifeguardOptions>> = {
      'a look': { aliveBypassWindow: 0 },
      'a ping': { aliveBypassWindow: 0, pingIdleAfter: 0 },
    };
    for (const [by, options] of Object.entries(doubts)) {
      it(`while borrowers wait for ${by} serves them all, in their order`, async () => {
        open();
        const handle = guard(pool, options);
        for (const connection of await borrowAll(pool, 2)) connection.release();
        const order: number[] = [];
        const waiting = [1, 2, 3, 4, 5].map((place) => useInTurn(pool, place, order));
        handle.undo();
        await Promise.all(waiting);
        await turns();
        expect(order.toSorted((one, other) => one - other)).to.deep.equal([1, 2, 3, 4, 5]);
        expect(inside(pool)._allConnections.length).to.equal(2);
        expect(inside(pool)._freeConnections.length).to.equal(2);
        await end(pool);
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
      expect(inside(pool)._allConnections.length).to.be.at.most(2);
      const [one, other] = await borrowAll(pool, 2);
      expect(one).not.to.equal(other);
    });

    it('while borrowers wait for lent connections serves them all, in their order', async () => {
      open();
      const handle = guard(pool);
      const lent = await borrowAll(pool, 2);
      const order: number[] = [];
      const waiting = [1, 2, 3, 4].map((place) => useInTurn(pool, place, order));
      handle.undo();
      expect(inside(pool)._connectionQueue.length).to.equal(4);
      for (const connection of lent) connection.release();
      await Promise.all(waiting);
      expect(order).to.deep.equal([1, 2, 3, 4]);
    });

    it('while a connection is handed over gives it to who was to get it', async () => {
      open();
      const handle = guard(pool);
      (await borrow(pool)).release();
      const borrowing = borrow(pool);
      handle.undo();
      const connection = await borrowing;
      expect(await askOne(connection, 'SELECT 1')).to.equal(1);
      connection.release();
      expect(inside(pool)._freeConnections.length).to.equal(1);
      expect(shapeOf(connection)).to.deep.equal(shapeOf(await borrow(twin)));
    });
  });
});

async function useEveryWay(pool: Pool): Promise<void> {
  await ask(pool, 'SELECT 1');
  const connection = await borrow(pool);
  const waiting = [askOne(pool, 'SELECT 2'), askOne(pool, 'SELECT 3')];
  await waiting[0];
  connection.release();
  await Promise.all(waiting);
}

async function useInTurn(pool: Pool, place: number, order: number[]): Promise<void> {
  const connection = await borrow(pool);
  order.push(place);
  await ask(connection, 'DO 1');
  connection.release();
}

/** Own properties by name, and listeners by event. */
function shapeOf(target: object): unknown {
  const emitter = target as Pool;
  const listeners = emitter.eventNames().map((name) => [name, emitter.listenerCount(name)]);
  return { keys: Reflect.ownKeys(target), listeners };
}
