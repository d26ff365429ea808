import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { PoolConnection } from 'mysql2';
import { ask, askOne, borrow, borrowAll, inside } from './support/calls.ts';
import { parityOn } from './support/same.ts';

describe("an application's hooks on pool events", () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      "on 'connection' set every session up before its first borrower",
      { connectionLimit: 3 },
      async ({ pool, journal }) => {
        pool.on('connection', (connection) => void connection.query(SET_UP));
        const lent = await borrowAll(pool, 3);
        const words = await Promise.all(lent.map((one) => askOne(one, 'SELECT @word')));
        for (const connection of lent) connection.release();
        return [words, await askOne(pool, 'SELECT @word'), journal.counts()];
      },
      (bare) => expect(bare.slice(0, 2)).to.deep.equal([['set', 'set', 'set'], 'set']),
    );

    same(
      "on 'connection' may be slow: the borrowers wait for them",
      { connectionLimit: 1 },
      async ({ pool }) => {
        pool.on('connection', (connection) => {
          connection.query('DO SLEEP(0.02)');
          connection.query(SET_UP);
        });
        return Promise.all([1, 2, 3].map(() => askOne(pool, 'SELECT @word')));
      },
      (bare) => expect(bare).to.deep.equal(['set', 'set', 'set']),
    );

    same(
      "on 'connection' may fail, which is their own affair",
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        pool.on('connection', (connection) => {
          connection.query('SET nonsense', (error) => journal.note(`hook ${error?.code}`));
        });
        const answers = [await askOne(pool, 'SELECT 1'), await askOne(pool, 'SELECT 2')];
        return [answers, journal.lines];
      },
      (bare) => expect(bare[0]).to.deep.equal([1, 2]),
    );

    same(
      "on 'acquire' run their statements before the borrower's",
      { connectionLimit: 2 },
      async ({ pool, journal }) => {
        let leases = 0;
        pool.on('acquire', (connection) => {
          leases += 1;
          void connection.query('SET @lease = ?', [leases]);
        });
        const seen = [];
        for (let round = 0; round < 3; round += 1) seen.push(await askOne(pool, 'SELECT @lease'));
        return [seen, journal.counts()];
      },
      (bare) => expect(bare[0]).to.deep.equal([1, 2, 3]),
    );

    same(
      "on 'release' run their statements on the idle connection",
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        pool.on('release', (connection) => void connection.query('SET @word = "cleaned"'));
        const first = await borrow(pool);
        await ask(first, 'SET @word = "mine"');
        first.release();
        const next = await borrow(pool);
        const word = await askOne(next, 'SELECT @word');
        next.release();
        await ask(pool, 'DO 1');
        return [word, next === first, journal.counts()];
      },
      (bare) => expect(bare.slice(0, 2)).to.deep.equal(['cleaned', true]),
    );

    same(
      "on 'release' may take the connection away for good",
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        pool.on('release', (connection: PoolConnection) => connection.destroy());
        const answers = [await askOne(pool, 'SELECT 1'), await askOne(pool, 'SELECT 2')];
        return [answers, journal.lines, inside(pool)._allConnections.length];
      },
      (bare) => expect([bare[0], bare[2]]).to.deep.equal([[1, 2], 0]),
    );

    same(
      "on 'release' may borrow at once",
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const answer = new Promise((resolve) => {
          pool.once('release', () => resolve(askOne(pool, 'SELECT "from the hook"')));
        });
        const own = await askOne(pool, 'SELECT "own"');
        return [own, await answer, journal.counts()];
      },
      (bare) => expect(bare.slice(0, 2)).to.deep.equal(['own', 'from the hook']),
    );

    same(
      "on 'enqueue' may answer by letting a connection go",
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const held = await borrow(pool);
        pool.once('enqueue', () => setImmediate(() => held.release()));
        return [await askOne(pool, 'SELECT 1'), journal.counts()];
      },
      (bare) => expect(bare[0]).to.equal(1),
    );
  });
});

const SET_UP = "SET @word = 'set', SESSION sort_buffer_size = 65536";
