import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mariadb';
import { guard } from '../src/index.ts';
import { heedless } from './subjects/mariadb-options.ts';
import { drop, loginOf } from './support/same.ts';

/** The server counts in whole seconds, so it may let two of them pass. */
const STANDSTILL_MS = 2_500;

describe('a process that stands still right after it asked for a connection', () => {
  eachServer((server) => {
    let pool: Pool;
    beforeEach(() => {
      pool = createPool({ ...loginOf(server()), connectionLimit: 1 });
      heedless(pool);
    });
    afterEach(() => drop(pool));

    const standStill = (): void => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STANDSTILL_MS);
    };

    /** Bare, the driver writes within the call. */
    const askFirst = async (): Promise<unknown> => {
      await pool.query('SET SESSION wait_timeout = 1');
      const answer = pool.query('SELECT 1 AS one');
      standStill();
      return answer;
    };

    const waitFirst = async (): Promise<unknown> => {
      const held = await pool.getConnection();
      await held.query('SET SESSION wait_timeout = 1');
      const answer = pool.query('SELECT 1 AS one');
      const released = held.release();
      standStill();
      await released;
      return answer;
    };

    it('is served bare if the connection is at hand, and lent a dead one if it waits', async () => {
      expect(await askFirst()).to.have.deep.members([{ one: 1 }]);
      await failureOf(waitFirst());
    });

    for (const [what, act] of Object.entries({
      'an idle one': askFirst,
      'one released': waitFirst,
    })) {
      it(`is lent another one guarded: ${what}`, async () => {
        guard(pool);
        expect(await act()).to.have.deep.members([{ one: 1 }]);
      });
    }
  });
});
