import { eachServer, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { ask, askOne, borrow, borrowAll, inside } from './support/calls.ts';
import { parityOn } from './support/same.ts';
import { clientsOf, untilClients } from './support/server-side.ts';

describe('connectionLimit', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      'is ten by default: the eleventh borrower waits',
      {},
      async ({ pool, journal, options }) => {
        await untilClients(server(), options.database, 0);
        const lent = await borrowAll(pool, 10);
        const eleventh = borrow(pool);
        await turns();
        const { length: open } = await clientsOf(server(), options.database);
        lent[4]?.release();
        return [open, journal.counts(), lent.indexOf(await eleventh)];
      },
      (bare) => expect(bare).to.deep.equal([10, { connection: 10, acquire: 10, enqueue: 1 }, 4]),
    );

    same(
      'of one lets borrowers have the only connection in turn',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const order: number[] = [];
        const turn = async (place: number): Promise<unknown> => {
          const connection = await borrow(pool);
          order.push(place);
          const answer = await askOne(connection, 'SELECT ?', [place]);
          connection.release();
          return answer;
        };
        const answers = await Promise.all(inTurn(5).map(turn));
        return [order, answers, journal.counts()];
      },
      (bare) => expect(bare.slice(0, 2)).to.deep.equal([inTurn(5), inTurn(5)]),
    );

    same(
      'of 0 means no limit at all',
      { connectionLimit: 0 },
      async ({ pool, journal, options }) => {
        await untilClients(server(), options.database, 0);
        const lent = await borrowAll(pool, 25);
        const { length: open } = await clientsOf(server(), options.database);
        for (const connection of lent) connection.release();
        for (const connection of await borrowAll(pool, 25)) connection.release();
        return [open, journal.counts(), inside(pool)._allConnections.length];
      },
      (bare) => expect(bare).to.deep.equal([25, { connection: 25, acquire: 50, release: 50 }, 25]),
    );

    same(
      'of 0 with waitForConnections: false refuses nobody',
      { connectionLimit: 0, waitForConnections: false },
      async ({ pool, journal }) => {
        const answers = await Promise.all(inTurn(15).map((n) => askOne(pool, 'SELECT ?', [n])));
        // Who was answered on another's connection leaves his own still being opened.
        await waitUntil(() => inside(pool)._freeConnections.length === 15);
        return [answers, journal.counts()];
      },
      (bare) =>
        expect(bare).to.deep.equal([inTurn(15), { connection: 15, acquire: 15, release: 15 }]),
    );

    same(
      'is kept when connections are destroyed and replaced',
      { connectionLimit: 3 },
      async ({ pool, options }) => {
        const lent = await borrowAll(pool, 3);
        const waiting = borrowAll(pool, 3);
        for (const connection of lent) connection.destroy();
        const fresh = await waiting;
        await untilClients(server(), options.database, 3);
        const reused = fresh.filter((connection) => lent.includes(connection));
        await Promise.all(fresh.map((connection) => ask(connection, 'DO 1')));
        return [inside(pool)._allConnections.length, reused.length];
      },
      (bare) => expect(bare).to.deep.equal([3, 0]),
    );
  });
});

const inTurn = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
