import { eachServer, failureOf, turns } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool } from 'mysql2/promise';
import type { Pool as PromisePool } from 'mysql2/promise';
import { guard } from '../src/index.ts';
import { inside } from './support/calls.ts';
import { parityOn } from './support/same.ts';

describe('promise pools', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      'of pool.promise() query, execute, lend and take back',
      { connectionLimit: 2 },
      async ({ pool, journal }) => {
        const promised = pool.promise();
        promised.on('acquire', () => journal.note('heard by the promise pool'));
        const [rows] = await promised.query('SELECT 1 AS one');
        const [more] = await promised.execute('SELECT ? AS two', [2]);
        const connection = await promised.getConnection();
        await connection.beginTransaction();
        const [last] = await connection.query('SELECT 3 AS three');
        await connection.rollback();
        connection.release();
        return [rows, more, last, journal.lines];
      },
      (bare) =>
        expect(bare.slice(0, 3)).to.deep.equal([[{ one: 1 }], [{ two: 2 }], [{ three: 3 }]]),
    );

    same(
      'wait in line, and take connections back by pool.releaseConnection()',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const promised = pool.promise();
        const first = await promised.getConnection();
        const waiting = promised.getConnection();
        promised.releaseConnection(first);
        const second = await waiting;
        const same = second.connection === first.connection;
        second.release();
        return [same, journal.lines];
      },
      (bare) => expect(bare[0]).to.equal(true),
    );

    same(
      'reject with the errors of the driver and of the pool',
      { connectionLimit: 1, queueLimit: 1 },
      async ({ pool }) => {
        const promised = pool.promise();
        const wrong = await failureOf(promised.query('nonsense'));
        const held = await promised.getConnection();
        const waiting = promised.query('SELECT 1');
        const refused = await failureOf(promised.query('SELECT 2'));
        held.release();
        await waiting;
        await promised.end();
        const closed = await failureOf(promised.execute('SELECT 3'));
        return [wrong, refused, closed].map(({ message }) => message.slice(0, 20));
      },
      (bare) =>
        expect(bare).to.deep.equal([
          'You have an error in',
          'Queue limit reached.',
          'Pool is closed.',
        ]),
    );

    same(
      'destroy a connection, and open another',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const promised = pool.promise();
        const first = await promised.getConnection();
        const { threadId } = first;
        first.destroy();
        const second = await promised.getConnection();
        return second.threadId === threadId;
      },
      (bare) => expect(bare).to.equal(false),
    );

    describe('given to guard()', () => {
      let pool: PromisePool;
      beforeEach(
        () => (pool = createPool({ ...server().connectionOptions(), connectionLimit: 2 })),
      );
      afterEach(() => pool.end());

      it('have one guard with the pool inside them', async () => {
        const handle = guard(pool);
        expect(guard(pool.pool)).to.equal(handle);
        expect(guard(pool.pool.promise())).to.equal(handle);
        await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 2')]);
        expect(handle.stats()).to.include({ borrows: 2 });
      });

      it('keep their own methods, and lose nothing at undo', async () => {
        const before = Reflect.ownKeys(pool);
        const handle = guard(pool);
        expect(Reflect.ownKeys(pool)).to.deep.equal(before);
        await pool.query('SELECT 1');
        handle.undo();
        await turns();
        expect(inside(pool.pool)._freeConnections.length).to.equal(1);
        const [rows] = await pool.query('SELECT 2 AS two');
        expect(rows).to.deep.equal([{ two: 2 }]);
        expect(handle.stats().borrows).to.equal(1);
      });
    });
  });
});
