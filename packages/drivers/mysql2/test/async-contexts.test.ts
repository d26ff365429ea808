import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Pool, PoolConnection } from 'mysql2';
import { AsyncLocalStorage } from 'node:async_hooks';
import { askOne, borrow, borrowAll } from './support/calls.ts';
import { parityOn } from './support/same.ts';

const context = new AsyncLocalStorage<string>();

describe("borrowers' async contexts", () => {
  eachServer((server) => {
    const { same, better } = parityOn(server);

    same(
      'are kept at a borrow that dials, and at the next one',
      {},
      async ({ pool }) => {
        const seen = [];
        for (const name of ['dials', 'borrows again']) {
          const [store, connection] = await borrowIn(name, pool);
          seen.push(store);
          connection.release();
        }
        return seen;
      },
      (bare) => expect(bare).to.deep.equal(['dials', 'borrows again']),
    );

    same(
      'are kept apart when many dial at once, and when many meet idle connections at once',
      { connectionLimit: 5 },
      async ({ pool }) => {
        const rounds: string[][] = [];
        for (const round of ['first', 'second']) {
          const names = [1, 2, 3, 4, 5].map((place) => `${round} ${place}`);
          const all = await Promise.all(names.map((name) => borrowIn(name, pool)));
          rounds.push(all.map(([store]) => store));
          for (const [, connection] of all) connection.release();
        }
        return rounds;
      },
      (bare) => expect(bare[1]?.[4]).to.equal('second 5'),
    );

    better(
      'are kept by those who wait; bare they get that of the releaser',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const lent = await borrow(pool);
        const waiting = ['one', 'two', 'three'].map(async (name) => {
          const [store, connection] = await borrowIn(name, pool);
          context.run(`after ${name}`, () => connection.release());
          return store;
        });
        context.run('releaser', () => lent.release());
        return Promise.all(waiting);
      },
      (bare, guarded, way) => {
        expect(bare).to.deep.equal(['releaser', 'after one', 'after two']);
        expect(guarded, way).to.deep.equal(['one', 'two', 'three']);
      },
    );

    better(
      'are kept by those who wait while a connection is destroyed',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const lent = await borrow(pool);
        const waiting = borrowIn('waits', pool);
        context.run('destroyer', () => lent.destroy());
        return (await waiting)[0];
      },
      (bare, guarded) => expect([bare, guarded]).to.deep.equal(['destroyer', 'waits']),
    );

    same(
      'are kept by those who are refused',
      { connectionLimit: 1, queueLimit: 1 },
      async ({ pool }) => {
        await borrow(pool);
        pool.getConnection(() => {});
        const refused = await storeAt('refused', pool);
        pool.end();
        return [refused, await storeAt('closed', pool)];
      },
      (bare) => expect(bare).to.deep.equal(['refused', 'closed']),
    );

    same(
      'are those of the asking where the promise pool is awaited',
      { connectionLimit: 2 },
      async ({ pool }) => {
        const ask = async (name: string): Promise<unknown> => {
          await pool.promise().query('SELECT SLEEP(0.005)');
          return [name, context.getStore(), await askOne(pool, 'SELECT 1')];
        };
        const names = ['a', 'b', 'c', 'd', 'e', 'f'];
        return Promise.all(names.map((name) => context.run(name, ask, name)));
      },
      (bare) => expect(bare[5]).to.deep.equal(['f', 'f', 1]),
    );

    same(
      'do not leak into those of the pool events',
      {},
      async ({ pool }) => {
        const seen: unknown[] = [];
        pool.on('acquire', () => seen.push(context.getStore()));
        for (const connection of await borrowAll(pool, 1)) connection.release();
        await askOne(pool, 'SELECT 1');
        return seen;
      },
      (bare) => expect(bare).to.deep.equal([undefined, undefined]),
    );
  });
});

/** Borrows within a context, and says in which one the callback ran. */
function borrowIn(name: string, pool: Pool): Promise<[store: string, PoolConnection]> {
  return new Promise((resolve, reject) => {
    context.run(name, () => {
      pool.getConnection((error, connection) => {
        if (error) reject(error);
        else resolve([context.getStore() ?? 'none', connection]);
      });
    });
  });
}

function storeAt(name: string, pool: Pool): Promise<string> {
  return new Promise((resolve) => {
    context.run(name, () => {
      pool.getConnection(() => resolve(context.getStore() ?? 'none'));
    });
  });
}
