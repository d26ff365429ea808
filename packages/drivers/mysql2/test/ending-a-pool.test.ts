import { eachServer, failureOf, turns } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Pool } from 'mysql2';
import type { LifeguardOptions } from '../src/index.ts';
import { askOne, ask, borrow, borrowAll, end, inside } from './support/calls.ts';
import { parityOn, UNDOUBTED } from './support/same.ts';
import { untilClients } from './support/server-side.ts';

const CLOSED = 'Pool is closed.';

/** Ways in which a borrow meets an idle connection. */
const BORROWS: Readonly<Record<string, LifeguardOptions>> = {
  'at once': UNDOUBTED,
  'with a look': { aliveBypassWindow: 0 },
  'with a ping': { aliveBypassWindow: 0, pingIdleAfter: 0 },
};

describe('end() of a pool', () => {
  eachServer((server) => {
    const { same, better } = parityOn(server);

    same(
      'says goodbye on idle connections, and later borrows are told in a later turn',
      {},
      async ({ pool, options }) => {
        for (const connection of await borrowAll(pool, 3)) connection.release();
        await end(pool);
        await untilClients(server(), options.database, 0);
        const heard: string[] = [];
        const told = new Promise<void>((resolve) => {
          pool.getConnection((error) => {
            heard.push(error?.message ?? 'none');
            resolve();
          });
        });
        heard.push('returned');
        await told;
        return [heard, (await failureOf(ask(pool, 'SELECT 1'))).message];
      },
      (bare) => expect(bare).to.deep.equal([['returned', CLOSED], CLOSED]),
    );

    same(
      'of a pool that was never used calls back',
      {},
      async ({ pool }) => {
        await end(pool);
        return (await failureOf(borrow(pool))).message;
      },
      (bare) => expect(bare).to.equal(CLOSED),
    );

    same(
      'lets statements on borrowed connections finish',
      {},
      async ({ pool, journal, options }) => {
        const connection = await borrow(pool);
        const answer = askOne(connection, 'SELECT SLEEP(0.05)').then((zero) => {
          journal.note(`answered ${String(zero)}`);
        });
        const ended = end(pool).then(() => journal.note('ended'));
        await Promise.all([answer, ended]);
        const afterwards = await failureOf(ask(connection, 'SELECT 1'));
        connection.release();
        await untilClients(server(), options.database, 0);
        return [journal.lines, afterwards.message];
      },
      (bare) => {
        expect(bare[0]).to.include.members(['answered 0', 'ended']);
        expect(bare[1]).to.include('closed state');
      },
    );

    better(
      'answers those who wait in line, as newer versions of mysql2 do by themselves',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        await borrow(pool);
        const waiters = [1, 2, 3].map((place) => {
          return borrow(pool).catch((error: Error) => journal.note(`${place} ${error.message}`));
        });
        await end(pool);
        journal.note('ended');
        await turns();
        const left = inside(pool)._connectionQueue.length;
        if (left === 0) await Promise.all(waiters);
        return { left, lines: journal.lines.slice(5) };
      },
      (bare, guarded, way) => {
        const told = ['ended', `1 ${CLOSED}`, `2 ${CLOSED}`, `3 ${CLOSED}`];
        expect(guarded.lines, way).to.deep.equal(told);
        expect(bare.lines).to.deep.equal(bare.left === 0 ? told : ['ended']);
      },
    );

    better(
      'answers who waits for a dial, and leaves no connection behind',
      {},
      async ({ pool, options }) => {
        const [error] = await Promise.all([failureOf(borrow(pool)), end(pool)]);
        await untilClients(server(), options.database, 0);
        return error.message;
      },
      (bare, guarded) => expect([bare, guarded]).to.deep.equal([CLOSED, CLOSED]),
    );

    for (const [by, lifeguard] of Object.entries(BORROWS)) {
      better(
        `tells a borrower of the same turn, who would get a closed connection (${by})`,
        { lifeguard },
        async ({ pool, options }) => {
          (await borrow(pool)).release();
          const failure = failureOf(borrow(pool).then((connection) => ask(connection, 'SELECT 1')));
          await end(pool);
          await untilClients(server(), options.database, 0);
          return (await failure).message;
        },
        (bare, guarded) => {
          expect(bare).to.include('closed state');
          expect(guarded).to.equal(CLOSED);
        },
      );
    }

    same(
      'a second time answers as the driver does',
      {},
      async ({ pool }) => {
        (await borrow(pool)).release();
        await end(pool);
        return (await failureOf(end(pool))).message;
      },
      (bare) => expect(bare).to.include('closed state'),
    );

    same(
      'happens by Symbol.dispose where the driver has it',
      {},
      async ({ pool, options }) => {
        (await borrow(pool)).release();
        const disposable = Symbol.dispose in pool;
        if (disposable) dispose(pool);
        else await end(pool);
        await untilClients(server(), options.database, 0);
        if (disposable) dispose(pool);
        return [disposable, (await failureOf(borrow(pool))).message];
      },
      (bare) => expect(bare[1]).to.equal(CLOSED),
    );
  });
});

function dispose(pool: Pool): void {
  pool[Symbol.dispose]();
}
