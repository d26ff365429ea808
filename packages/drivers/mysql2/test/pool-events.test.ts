import { eachServer, turns } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Pool } from 'mysql2';
import { ask, borrow, borrowAll } from './support/calls.ts';
import type { Journal } from '@pool-lifeguard/testkit/parity';
import { UNDOUBTED, parityOn } from './support/same.ts';

describe('the events of a pool, and their order', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      'at the first borrow, a release and the next borrow',
      {},
      async ({ pool, journal }) => {
        await useTwice(pool, journal);
        return journal.lines;
      },
      (bare) =>
        expect(bare).to.deep.equal([
          ...['connection c1', 'acquire c1', 'borrowed c1', 'release c1', 'released c1'],
          ...['acquire c1', 'borrowed c1', 'release c1', 'released c1'],
        ]),
    );

    same(
      'at the hand-off to a waiter, which is neither acquired nor released',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const first = await borrow(pool);
        const waiter = borrow(pool).then((connection) => {
          journal.note('borrowed by the waiter', connection);
          return connection;
        });
        first.release();
        (await waiter).release();
        return journal.lines;
      },
      (bare) =>
        expect(bare).to.deep.equal([
          ...['connection c1', 'acquire c1', 'enqueue'],
          ...['borrowed by the waiter c1', 'release c1'],
        ]),
    );

    same(
      'of pool.query, which releases before it calls back',
      {},
      async ({ pool, journal }) => {
        for (let round = 1; round <= 2; round += 1) {
          await ask(pool, 'SELECT 1');
          journal.note('answered');
        }
        return journal.lines;
      },
      (bare) =>
        expect(bare).to.deep.equal([
          ...['connection c1', 'acquire c1', 'release c1', 'answered'],
          ...['acquire c1', 'release c1', 'answered'],
        ]),
    );

    same(
      'of a failing pool.query, which calls back before it releases',
      {},
      async ({ pool, journal }) => {
        for (let round = 1; round <= 2; round += 1) {
          await new Promise<void>((resolve) => {
            pool.query('nonsense', (error) => {
              journal.note(`failed: ${error?.code}`);
              resolve();
            });
          });
          await turns(1);
        }
        return journal.lines;
      },
      (bare) => expect(bare.slice(-3)).to.deep.equal(['acquire c1', FAILED, 'release c1']),
    );

    same(
      'of many borrows at once: the newest idle connection goes first, and then all wait in line',
      { connectionLimit: 3, lifeguard: UNDOUBTED },
      async ({ pool, journal }) => {
        const connections = await borrowAll(pool, 3);
        for (const connection of connections) connection.release();
        journal.begin(connections);
        const borrowers = ['a', 'b', 'c', 'd', 'e'].map(async (name) => {
          const connection = await borrow(pool);
          journal.note(`${name} borrowed`, connection);
          await ask(connection, 'DO 1');
          return connection;
        });
        const held = await Promise.all(borrowers.slice(0, 3));
        for (const connection of held) connection.release();
        for (const borrower of borrowers.slice(3)) (await borrower).release();
        return journal.lines;
      },
      (bare) =>
        expect(bare).to.deep.equal([
          ...['acquire c3', 'acquire c2', 'acquire c1', 'enqueue', 'enqueue'],
          ...['a borrowed c3', 'b borrowed c2', 'c borrowed c1', 'release c1'],
          ...['d borrowed c3', 'e borrowed c2', 'release c3', 'release c2'],
        ]),
    );

    same(
      'are heard by those who listened before and after',
      {},
      async ({ pool, journal }) => {
        pool.once('acquire', (connection) => journal.note('once', connection));
        await useTwice(pool, journal);
        return [pool.listenerCount('acquire'), journal.lines.filter((line) => line === 'once c1')];
      },
      (bare) => expect(bare).to.deep.equal([1, ['once c1']]),
    );
  });
});

const FAILED = 'failed: ER_PARSE_ERROR';

async function useTwice(pool: Pool, journal: Journal): Promise<void> {
  for (let round = 1; round <= 2; round += 1) {
    const connection = await borrow(pool);
    journal.note('borrowed', connection);
    connection.release();
    journal.note('released', connection);
  }
}
