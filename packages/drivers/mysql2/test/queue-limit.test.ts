import { eachServer, failureOf, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Pool, PoolConnection } from 'mysql2';
import { ask, askOne, borrow, borrowAll, inside } from './support/calls.ts';
import { parityOn } from './support/same.ts';

describe('queueLimit and waitForConnections', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      'queueLimit refuses within the call, and lets as many wait as it says',
      { connectionLimit: 2, queueLimit: 3 },
      async ({ pool, journal }) => {
        const lent = await borrowAll(pool, 2);
        const waiting = Promise.all([useOnce(pool), useOnce(pool), useOnce(pool)]);
        const heard: string[] = [];
        for (let extra = 0; extra < 2; extra += 1) {
          pool.getConnection((error) => heard.push(error?.message ?? 'none'));
          heard.push('returned');
        }
        for (const connection of lent) connection.release();
        await waiting;
        await waitUntil(() => inside(pool)._freeConnections.length === 2);
        return [heard, journal.counts()];
      },
      (bare) =>
        expect(bare).to.deep.equal([
          ['Queue limit reached.', 'returned', 'Queue limit reached.', 'returned'],
          { connection: 2, acquire: 2, enqueue: 3, release: 2 },
        ]),
    );

    same(
      'a place in the line is free again as soon as a waiter was served',
      { connectionLimit: 1, queueLimit: 1 },
      async ({ pool }) => {
        const first = await borrow(pool);
        const second = borrow(pool);
        const refused = await failureOf(borrow(pool));
        first.release();
        const third = borrow(pool);
        (await second).release();
        (await third).release();
        return [refused.message, await askOne(pool, 'SELECT 7')];
      },
      (bare) => expect(bare).to.deep.equal(['Queue limit reached.', 7]),
    );

    same(
      'idle connections are lent without a place in the line',
      { connectionLimit: 3, queueLimit: 1 },
      async ({ pool, journal }) => {
        for (const connection of await borrowAll(pool, 3)) connection.release();
        const five = Array.from({ length: 5 }, () => useOnce(pool));
        const outcomes = await Promise.allSettled(five);
        return [outcomes.map(outcome), journal.counts()['enqueue']];
      },
      (bare) => expect(bare).to.deep.equal([[...Array(4).fill('lent'), 'Queue limit reached.'], 1]),
    );

    same(
      'waitForConnections: false refuses in a later turn, once every connection is lent',
      { connectionLimit: 2, waitForConnections: false },
      async ({ pool, journal }) => {
        const lent = await borrowAll(pool, 2);
        const heard: string[] = [];
        await new Promise<void>((resolve) => {
          pool.getConnection((error) => {
            heard.push(error?.message ?? 'none');
            resolve();
          });
          heard.push('returned');
        });
        for (const connection of lent) connection.release();
        await ask(pool, 'DO 1');
        return [heard, journal.counts()['enqueue']];
      },
      (bare) => expect(bare).to.deep.equal([['returned', 'No connections available.'], undefined]),
    );

    same(
      'waitForConnections: false counts a connection that another borrower just asked for as lent',
      { connectionLimit: 1, waitForConnections: false },
      async ({ pool }) => {
        (await borrow(pool)).release();
        const [one, other] = await Promise.allSettled([borrow(pool), borrow(pool)]);
        await turns();
        return [outcome(one), outcome(other)];
      },
      (bare) => expect(bare).to.deep.equal(['lent', 'No connections available.']),
    );

    same(
      'waitForConnections: false counts a connection that is being opened as lent',
      { connectionLimit: 1, waitForConnections: false },
      async ({ pool }) => {
        const [one, other] = await Promise.allSettled([borrow(pool), borrow(pool)]);
        return [outcome(one), outcome(other)];
      },
      (bare) => expect(bare).to.deep.equal(['lent', 'No connections available.']),
    );

    same(
      'waitForConnections: false lends a connection that was released while its statement runs',
      { connectionLimit: 1, waitForConnections: false },
      async ({ pool }) => {
        const first = await borrow(pool);
        const slow = askOne(first, 'SELECT SLEEP(0.05)');
        first.release();
        const second = await borrow(pool);
        return [await slow, await askOne(second, 'SELECT 2'), second === first];
      },
      (bare) => expect(bare).to.deep.equal([0, 2, true]),
    );

    same(
      'waitForConnections: false lends a connection that was released in the answer to its error',
      { connectionLimit: 1, waitForConnections: false },
      async ({ pool }) => {
        const first = await borrow(pool);
        const second = await new Promise<PoolConnection>((resolve, reject) => {
          first.query('nonsense', () => {
            first.release();
            borrow(pool).then(resolve, reject);
          });
        });
        return [await askOne(second, 'SELECT 2'), second === first];
      },
      (bare) => expect(bare).to.deep.equal([2, true]),
    );
  });
});

type Outcome = PromiseSettledResult<unknown> | undefined;

function outcome(settled: Outcome): string {
  return settled?.status === 'rejected' ? (settled.reason as Error).message : 'lent';
}

async function useOnce(pool: Pool): Promise<void> {
  (await borrow(pool)).release();
}
