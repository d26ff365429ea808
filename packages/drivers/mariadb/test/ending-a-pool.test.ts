import { eachServer, failureOf, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { filled, parityOn } from './support/same.ts';

describe('the end of a pool', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      'closes all connections, and tells later borrowers so',
      { connectionLimit: 3, minimumIdle: 2 },
      async ({ pool, server, options, handle }) => {
        await filled(pool, 2, handle);
        await pool.end();
        await waitUntil(async () => {
          return (await server.processList()).every(({ db }) => db !== options.database);
        });
        const late = await failureOf(pool.query('SELECT 1'));
        const again = await failureOf(pool.end());
        return [late.code, late.message, again.code, pool.totalConnections(), pool.closed];
      },
      (bare) => {
        expect([bare[0], bare[2]]).to.deep.equal([
          'ER_POOL_ALREADY_CLOSED',
          'ER_POOL_ALREADY_CLOSED',
        ]);
        expect(bare.slice(3)).to.deep.equal([0, true]);
      },
    );

    same(
      'tells who waits that the pool is ending',
      { connectionLimit: 1, minimumIdle: 1 },
      async ({ pool }) => {
        const held = await pool.getConnection();
        const waiting = [failureOf(pool.query('SELECT 1')), failureOf(pool.getConnection())];
        await turns();
        const ended = pool.end();
        const told = (await Promise.all(waiting)).map(({ code }) => code);
        await held.release();
        await ended;
        return told;
      },
      (bare) => expect(bare).to.deep.equal(['ER_CLOSING_POOL', 'ER_CLOSING_POOL']),
    );

    same(
      'waits for connections that are lent, which go on until they come back',
      { connectionLimit: 2, minimumIdle: 2 },
      async ({ pool }) => {
        await filled(pool, 2);
        const held = await pool.getConnection();
        await held.beginTransaction();
        let over = false;
        const ended = pool.end().then(() => (over = true));
        await turns(10);
        const [row] = await held.query<object[]>('SELECT 1 AS one');
        const before = over;
        await held.release();
        await ended;
        return [row, before, pool.totalConnections()];
      },
      (bare) => expect(bare).to.deep.equal([{ one: 1 }, false, 0]),
    );

    same(
      'lets a statement that is under way come to its end',
      { connectionLimit: 1, minimumIdle: 1 },
      async ({ pool, handle }) => {
        await filled(pool, 1);
        const running = pool.query<object[]>('SELECT SLEEP(0.1) AS slept');
        const isSent = (): boolean => !handle || handle.stats().lent === 1;
        await waitUntil(isSent, { intervalMs: 1, what: 'the statement under way' });
        const ended = pool.end();
        const [row] = await running;
        await ended;
        handle?.undo();
        return [row, pool.totalConnections()];
      },
      (bare) => expect(bare).to.deep.equal([{ slept: 0 }, 0]),
    );

    same(
      'may be the wish of who hears of a new connection, and leaves none open',
      { connectionLimit: 2, minimumIdle: 1 },
      async ({ pool, server, options }) => {
        await filled(pool, 1);
        const held = await pool.getConnection();
        const ended = new Promise((resolve) => {
          pool.on('connection', () => resolve(pool.closed || pool.end()));
        });
        const asked = pool.getConnection().then((connection) => connection.release());
        await Promise.allSettled([ended, asked, turns(10).then(() => held.release())]);
        await waitUntil(async () => {
          return (await server.processList()).every(({ db }) => db !== options.database);
        });
        return pool.totalConnections();
      },
      (bare) => expect(bare).to.equal(0),
    );
  });
});
