import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Pool } from 'mysql2';
import { ask, borrow, borrowAll } from './support/calls.ts';
import { parityOn } from './support/same.ts';

describe('those who wait keep their place', () => {
  eachServer((server) => {
    const { better } = parityOn(server);

    better(
      'when a connection is removed and somebody else borrows in the same turn',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const lent = await borrow(pool);
        const order: string[] = [];
        const all = ['first', 'second', 'third'].map((name) => use(pool, name, order));
        lent.destroy();
        all.push(use(pool, 'newcomer', order));
        await Promise.all(all);
        return order;
      },
      (bare, guarded, way) => {
        expect(bare).to.deep.equal(['newcomer', 'second', 'third', 'first']);
        expect(guarded, way).to.deep.equal(['first', 'second', 'third', 'newcomer']);
      },
    );

    better(
      'and are not refused because of it where the line is full',
      { connectionLimit: 1, queueLimit: 2 },
      async ({ pool }) => {
        const lent = await borrow(pool);
        const order: string[] = [];
        const all = ['first', 'second'].map((name) => use(pool, name, order));
        lent.destroy();
        all.push(use(pool, 'newcomer', order), use(pool, 'next', order));
        await Promise.all(all);
        return order;
      },
      (bare, guarded, way) => {
        expect(bare, 'the first one lost its place and found the line full').to.include(
          'first: Queue limit reached.',
        );
        const served = guarded.filter((line) => !line.includes(':'));
        expect(served, way).to.deep.equal(['first', 'second', 'newcomer']);
      },
    );

    better(
      'when their connection dies at the hand-over',
      { connectionLimit: 2 },
      async ({ pool }) => {
        const lent = await borrowAll(pool, 2);
        const order: string[] = [];
        const all = ['1', '2', '3', '4'].map((name) => use(pool, name, order));
        for (const connection of lent) {
          connection.release();
          connection.destroy();
        }
        await Promise.all(all);
        return { order, failed: order.filter((line) => line.includes(':')).length };
      },
      (bare, guarded, way) => {
        expect(bare.failed).to.equal(2);
        expect(guarded, way).to.deep.equal({ order: ['1', '2', '3', '4'], failed: 0 });
      },
    );
  });
});

/** Borrows, notes when it got its turn (or an error), and gives the connection back. */
async function use(pool: Pool, name: string, order: string[]): Promise<void> {
  try {
    const connection = await borrow(pool);
    order.push(name);
    await ask(connection, 'DO 1');
    connection.release();
  } catch (error) {
    order.push(`${name}: ${(error as Error).message}`);
  }
}
