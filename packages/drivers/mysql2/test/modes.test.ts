import { eachServer, spawnChild, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, createPoolCluster, type Pool } from 'mysql2';
import { guard, type LifeguardOptions } from '../src/index.ts';
import { ask, askOne, borrow, borrowAll, inside, insideCluster, within } from './support/calls.ts';
import { Journal } from '@pool-lifeguard/testkit/parity';
import { see, type Mode } from './support/mode.ts';
import { drop, parityOn } from './support/same.ts';

const SCRIPT = new URL('children/mode.ts', import.meta.url);

const OFF = { mode: 'off', added: [], borrows: 0, verdicts: [] };
const OBSERVED = [['look', true]];
const JUDGED = [['look', false]];

/** What the environment says, what the option says, and what holds. */
const MODES: readonly [env: string, enabled: LifeguardOptions['enabled'], Partial<Mode>][] = [
  ['', undefined, { mode: 'on', verdicts: JUDGED }],
  ['', false, OFF],
  ['', 'observe', { mode: 'observe', borrows: 2, verdicts: OBSERVED }],
  ['off', true, OFF],
  ['on', false, { mode: 'on', borrows: 2, verdicts: JUDGED }],
  ['observe', true, { mode: 'observe', verdicts: OBSERVED }],
  [' OFF ', undefined, OFF],
];

describe('enabled, and LIFEGUARD in the environment', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    for (const [env, enabled, expected] of MODES) {
      it(`LIFEGUARD=${JSON.stringify(env)} and enabled: ${enabled} make it ${expected.mode}`, async () => {
        process.env['LIFEGUARD'] = env;
        try {
          const lifeguard = enabled === undefined ? {} : { enabled };
          const mode = await see({ options: server().connectionOptions(), lifeguard });
          expect(mode).to.deep.include(expected);
        } finally {
          delete process.env['LIFEGUARD'];
        }
      });
    }

    it('the environment of a process switches all of it off', async () => {
      const child = await spawnChild(SCRIPT, { env: { LIFEGUARD: 'off' } });
      try {
        const options = server().connectionOptions();
        const mode = await child.call<Mode>('see', { options, lifeguard: { enabled: true } });
        expect(mode).to.deep.equal(OFF);
      } finally {
        await child.kill();
      }
    });

    for (const enabled of [false, 'observe'] as const) {
      same(
        `enabled: ${enabled} changes nothing at all`,
        { connectionLimit: 2, queueLimit: 2, lifeguard: { enabled, aliveBypassWindow: 0 } },
        async ({ pool, journal }) => {
          const lent = await borrowAll(pool, 2);
          journal.begin(lent);
          const waiting = [borrow(pool), borrow(pool)];
          const refused = await borrow(pool).catch((error: Error) => error.message);
          const queued = inside(pool)._connectionQueue.length;
          for (const connection of lent) connection.release();
          for (const connection of await Promise.all(waiting)) connection.release();
          // A dead connection is lent as it is lent bare.
          const idle = await borrow(pool);
          idle.release();
          within(idle).stream.pause();
          const again = await borrow(pool);
          return [refused, queued, again === idle, journal.lines];
        },
        (bare) => expect(bare.slice(0, 3)).to.deep.equal(['Queue limit reached.', 2, true]),
      );
    }

    it('enabled: false gives a handle that does nothing', async () => {
      const pool = createPool(server().connectionOptions());
      try {
        const handle = guard(pool, { enabled: false, poolName: 'none' });
        const off = handle.on('opened', () => expect.fail('nothing is told'));
        await ask(pool, 'DO 1');
        expect(handle.stats()).to.include({ mode: 'off', borrows: 0, total: 0 });
        expect(await handle.evictStale()).to.deep.equal({ checked: 0, evicted: 0 });
        handle.evictAll();
        handle.undo();
        off();
        expect(guard(pool)).not.to.equal(handle);
      } finally {
        drop(pool);
      }
    });

    describe("enabled: 'observe'", () => {
      let pool: Pool;
      beforeEach(() => {
        pool = createPool({ ...server().connectionOptions(), connectionLimit: 2 });
      });
      afterEach(() => drop(pool));

      it('says what it would do to whom, and does it to nobody', async () => {
        const handle = guard(pool, { enabled: 'observe', maxLifetime: 1 });
        const verdicts: string[] = [];
        handle.on('verdict', ({ verdict }) => verdicts.push(verdict));
        const first = await borrow(pool);
        await ask(first, 'DO SLEEP(0.01)');
        first.release();
        expect(await borrow(pool)).to.equal(first);
        expect(verdicts).to.deep.equal(['evict']);
        expect(handle.stats()).to.include({ mode: 'observe', borrows: 2, total: 1 });
        expect(handle.stats().closed).to.deep.equal({});
      });

      it('evicts nothing when it is told to', async () => {
        const handle = guard(pool, { enabled: 'observe', maxLifetime: 1 });
        for (const connection of await borrowAll(pool, 2)) connection.release();
        handle.evictAll();
        expect(await handle.evictStale()).to.deep.equal({ checked: 0, evicted: 0 });
        await waitUntil(() => handle.stats().validating === 0);
        expect(handle.stats()).to.include({ total: 2, idle: 2 });
      });

      it('counts what is lent and idle, and what the server closed', async () => {
        const handle = guard(pool, { enabled: 'observe' });
        const connection = await borrow(pool);
        expect(handle.stats()).to.include({ lent: 1, idle: 0, total: 1 });
        connection.release();
        await waitUntil(() => handle.stats().validating === 0);
        expect(handle.stats()).to.include({ lent: 0, idle: 1 });
        await server().kill(connection.threadId);
        await waitUntil(() => handle.stats().total === 0);
        expect(await askOne(pool, 'SELECT 1')).to.equal(1);
      });

      it('leaves the nodes of a cluster as they are, and judges their connections', async () => {
        const cluster = createPoolCluster({ removeNodeErrorCount: 7 });
        cluster.add('ONE', server().connectionOptions());
        const handle = guard(cluster, { enabled: 'observe' });
        const journal = new Journal();
        for (let round = 0; round < 2; round += 1) {
          const connection = await borrow(cluster);
          journal.note('borrowed', connection);
          connection.release();
        }
        await turns();
        expect(journal.lines).to.deep.equal(['borrowed c1', 'borrowed c1']);
        expect(handle.stats()).to.include({ mode: 'observe', borrows: 2 });
        expect(insideCluster(cluster)._restoreNodeTimeout).to.equal(0);
        handle.undo();
        await new Promise((resolve) => cluster.end(resolve));
      });
    });
  });
});
