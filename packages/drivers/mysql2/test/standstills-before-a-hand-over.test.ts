import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { guard } from '../src/index.ts';
import { ask, askOne, borrow } from './support/calls.ts';
import { drop } from './support/same.ts';

/** The server counts in whole seconds, so it may let two of them pass. */
const STANDSTILL_MS = 2_500;

describe('a process that stands still right after it asked for a connection', () => {
  eachServer((server) => {
    let pool: Pool;
    beforeEach(() => {
      pool = createPool({ ...server().connectionOptions(), connectionLimit: 1 });
    });
    afterEach(() => drop(pool));

    const standStill = (): void => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STANDSTILL_MS);
    };

    /** The connection is good when it is chosen, and closed when it is handed over. */
    const askFirst = async (): Promise<unknown> => {
      await ask(pool, 'SET SESSION wait_timeout = 1');
      const answer = askOne(pool, 'SELECT 1');
      standStill();
      return answer;
    };

    const waitFirst = async (): Promise<unknown> => {
      const held = await borrow(pool);
      await ask(held, 'SET SESSION wait_timeout = 1');
      const answer = askOne(pool, 'SELECT 1');
      held.release();
      standStill();
      return answer;
    };

    for (const [what, act] of Object.entries({
      'an idle one': askFirst,
      'one released': waitFirst,
    })) {
      it(`is lent a dead connection bare: ${what}`, async () => {
        const error = await failureOf(act());
        expect(error.code).to.be.oneOf(['ECONNRESET', 'EPIPE', 'ER_CLIENT_INTERACTION_TIMEOUT']);
      });

      it(`is lent another one guarded: ${what}`, async () => {
        const { stats } = guard(pool);
        expect(await act()).to.equal(1);
        expect(stats()).to.include({ opened: 2, total: 1 });
      });
    }
  });
});
