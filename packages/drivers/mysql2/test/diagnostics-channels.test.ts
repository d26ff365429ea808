import { eachServer, failureOf, startProxy, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool } from 'mysql2';
import { guard } from '../src/index.ts';
import { ask, askOne, borrow, borrowAll, execute, within } from './support/calls.ts';
import { hasTracing } from './support/driver.ts';
import { parityOn, UNDOUBTED } from './support/same.ts';
import { traceOf } from './support/trace.ts';

const BORROWS = 'mysql2:pool:connect';
const ASKED_AND_ANSWERED = ['start', 'end', 'asyncStart', 'asyncEnd'];

describe("mysql2's diagnostics channels", () => {
  eachServer((server) => {
    const { same, better } = parityOn(server);

    same(
      'tell of each borrow once: one that dials, one that does not, one that waits',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const traces = await traceOf(BORROWS, async () => {
          const first = await borrow(pool);
          first.release();
          const second = await borrow(pool);
          const waiting = borrow(pool);
          second.release();
          await waiting;
        });
        return traces.map(({ events }) => events);
      },
      isTold(3),
    );

    same(
      'tell of each of many borrows once, where all dial at once and where all are idle',
      { connectionLimit: 4 },
      async ({ pool }) => {
        const rounds = [];
        for (let round = 0; round < 2; round += 1) {
          const traces = await traceOf(BORROWS, async () => {
            for (const connection of await borrowAll(pool, 4)) connection.release();
          });
          rounds.push(traces.map(({ events }) => events.join()).toSorted());
        }
        return rounds;
      },
      (bare) =>
        expect(bare.map((round) => round.length)).to.deep.equal(hasTracing ? [4, 4] : [0, 0]),
    );

    same(
      'name the database and the server',
      { connectionLimit: 1 },
      async ({ pool, options }) => {
        const traces = await traceOf(BORROWS, async () => {
          for (let round = 0; round < 2; round += 1) (await borrow(pool)).release();
        });
        return traces.map(({ context }) => ({
          ours: context['database'] === options.database,
          address: context['serverAddress'],
          port: context['serverPort'],
        }));
      },
      (bare) => {
        const { host, port } = server().connectionOptions();
        const told = { ours: true, address: host, port };
        expect(bare).to.deep.equal(hasTracing ? [told, told] : []);
      },
    );

    same(
      'tell of those who are refused, too',
      { connectionLimit: 1, queueLimit: 1 },
      async ({ pool }) => {
        (await borrow(pool)).release();
        const traces = await traceOf(BORROWS, async () => {
          const held = await borrow(pool);
          const waiting = borrow(pool);
          await failureOf(borrow(pool));
          held.release();
          (await waiting).release();
          pool.end(() => {});
          await failureOf(borrow(pool));
        });
        return traces.map(({ events }) => events);
      },
      (bare) => {
        expect(bare.length).to.equal(hasTracing ? 4 : 0);
        if (hasTracing) expect(bare[2]?.join()).to.include('Queue limit reached.');
      },
    );

    same(
      'tell of a borrow once although it met a dead connection first',
      { connectionLimit: 1, lifeguard: UNDOUBTED },
      async ({ pool }) => {
        const first = await borrow(pool);
        first.release();
        within(first).stream.destroy();
        await turns();
        const traces = await traceOf(BORROWS, () => borrow(pool));
        return traces.map(({ events }) => events);
      },
      isTold(1),
    );

    it('tell of a borrow once although the server is only reached at the third dial', async () => {
      const proxy = await startProxy(server());
      const pool = createPool({ ...server().connectionOptions(), port: proxy.port });
      try {
        const handle = guard(pool);
        // The driver tells of a pool's very first dial itself, and of its failure.
        (await borrow(pool)).destroy();
        await proxy.refuse();
        const traces = await traceOf(BORROWS, async () => {
          const borrowing = borrow(pool);
          await waitUntil(() => handle.stats().openFailures >= 2);
          await proxy.pass();
          (await borrowing).release();
        });
        isTold(1)(traces.map(({ events }) => events));
      } finally {
        pool.end(() => {});
        await proxy.stop();
      }
    });

    same(
      'tell of statements as ever',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const asked = await traceOf('mysql2:query', async () => {
          await ask(pool, 'SELECT 1');
          await failureOf(ask(pool, 'nonsense'));
        });
        const executed = await traceOf('mysql2:execute', () => execute(pool, 'SELECT ?', [1]));
        return [...asked, ...executed].map(({ events, context }) => [context['query'], events]);
      },
      (bare) => expect(bare.length).to.equal(hasTracing ? 3 : 0),
    );

    better(
      "tell nothing of the guard's own questions",
      { connectionLimit: 1 },
      async ({ pool, handle }) => {
        const traces = await traceOf('mysql2:query', async () => {
          await askOne(pool, 'SELECT 1');
          if (handle) await waitUntil(() => handle.stats().waitTimeoutMs);
          await askOne(pool, 'SELECT 2');
        });
        return traces.map(({ context }) => context['query']);
      },
      (bare, guarded) => expect(guarded).to.deep.equal(bare),
    );
  });
});

/** Expects that every borrow was told of from start to end, where the driver tells at all. */
function isTold(borrows: number): (traces: string[][]) => void {
  const all = hasTracing ? Array.from({ length: borrows }, () => ASKED_AND_ANSWERED) : [];
  return (traces) => expect(traces).to.deep.equal(all);
}
