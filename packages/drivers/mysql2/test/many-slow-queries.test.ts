import { eachServer, turns } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { ask, borrow } from './support/calls.ts';
import { parityOn } from './support/same.ts';
import { clientsOf, untilClients } from './support/server-side.ts';

const LIMIT = 10;
const QUERIES = 300;

describe('300 slow queries for 10 connections', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      'are answered first in, first out, over no more than 10 connections',
      { connectionLimit: LIMIT, lifeguard: {} },
      async ({ pool, journal, options }) => {
        await untilClients(server(), options.database, 0);
        const done: number[] = [];
        const all = Array.from({ length: QUERIES }, async (_, place) => {
          await ask(pool, 'SELECT SLEEP(0.05)');
          done.push(place);
        });
        let mostSeen = 0;
        while (done.length < QUERIES) {
          const { length } = await clientsOf(server(), options.database);
          mostSeen = Math.max(mostSeen, length);
          await turns();
        }
        await Promise.all(all);
        return { mostSeen, early: done.filter(isTooEarly), counts: journal.counts() };
      },
      (bare) => {
        const counts = { connection: LIMIT, acquire: LIMIT, enqueue: QUERIES - LIMIT, release: 10 };
        expect(bare).to.deep.equal({ mostSeen: LIMIT, early: [], counts });
      },
    );

    same(
      'get their connections in the order of the asking',
      { connectionLimit: LIMIT, lifeguard: {} },
      async ({ pool }) => {
        const got: number[] = [];
        const all = Array.from({ length: QUERIES }, async (_, place) => {
          const connection = await borrow(pool);
          got.push(place);
          await ask(connection, 'DO SLEEP(0.005)');
          connection.release();
        });
        await Promise.all(all);
        // The first ones get theirs as the dials end.
        return got.filter((place) => place >= LIMIT);
      },
      (bare) => expect(bare).to.deep.equal(Array.from({ length: 290 }, (_, n) => n + LIMIT)),
    );
  });
});

/** When a query starts, all but nine of those before it have ended: none can overtake more. */
const isTooEarly = (place: number, position: number): boolean => position < place - (LIMIT - 1);
