import { eachServer, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { askOne, borrowAll, inside } from './support/calls.ts';
import { parityOn } from './support/same.ts';
import { untilClients } from './support/server-side.ts';

describe("mysql2's own idle reaper", () => {
  eachServer((server) => {
    const { better } = parityOn(server);

    // The driver looks once a second.
    better(
      'closes what is above maxIdle, and what is idle for longer than idleTimeout',
      { connectionLimit: 4, maxIdle: 2, idleTimeout: 1200, lifeguard: {} },
      async ({ pool, options, handle }) => {
        for (const connection of await borrowAll(pool, 4)) connection.release();
        const sizes = [inside(pool)._allConnections.length];
        for (const size of [2, 0]) {
          await untilClients(server(), options.database, size);
          await waitUntil(() => inside(pool)._allConnections.length === size);
          sizes.push(inside(pool)._freeConnections.length);
        }
        return { sizes, closed: handle?.stats().closed, answer: await askOne(pool, 'SELECT 1') };
      },
      (bare, guarded) => {
        expect(bare).to.deep.equal({ sizes: [4, 2, 0], closed: undefined, answer: 1 });
        expect(guarded).to.deep.equal({ sizes: [4, 2, 0], closed: { removed: 4 }, answer: 1 });
      },
    );
  });
});
