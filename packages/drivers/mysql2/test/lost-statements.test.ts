import {
  eachServer,
  failureOf,
  startProxy,
  turns,
  waitUntil,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Pool, PoolConnection } from 'mysql2';
import { setTimeout as wait } from 'node:timers/promises';
import { ask, askOne, borrow, execute, within } from './support/calls.ts';
import { withPools } from './support/dials.ts';

const SILENCE_MS = 200;

interface Cut {
  readonly errors: (string | undefined)[];
  readonly next: unknown;
}

type Act = (
  connection: PoolConnection,
  answer: (error: NodeJS.ErrnoException | null) => void,
) => void;

const ONCE: Readonly<Record<string, Act>> = {
  'a query': (connection, answer) => void connection.query('SELECT 1', answer),
  'a prepare': (connection, answer) => connection.prepare('SELECT 1', answer),
  'a ping': (connection, answer) => connection.ping(answer),
  'several statements': (connection, answer) => {
    for (let n = 0; n < 3; n += 1) connection.query('SELECT ?', [n], answer);
  },
};

describe('a connection cut while a statement is under way', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    beforeEach(async () => (proxy = await startProxy(server())));
    afterEach(() => proxy.stop());

    const cut = (
      act: (
        connection: PoolConnection,
        answer: (error: NodeJS.ErrnoException | null) => void,
      ) => void,
    ): Promise<{ bare: Cut; guarded: Cut }> =>
      withPools(
        { ...server().connectionOptions(), port: proxy.port, connectionLimit: 1 },
        {},
        async (pool) => {
          const connection = await borrow(pool);
          await ask(connection, 'DO 1');
          proxy.hold();
          const errors: (string | undefined)[] = [];
          act(connection, (error) => errors.push(error?.code));
          await turns();
          proxy.reset();
          await proxy.pass();
          await waitUntil(() => errors.length > 0);
          connection.release();
          return { errors, next: await borrowAndAsk(pool) };
        },
      );

    it('while it is prepared: an execute calls back twice bare, once guarded', async () => {
      const { bare, guarded } = await cut((connection, answer) => {
        connection.execute('SELECT ? AS n', [1], answer);
      });
      expect(bare).to.deep.equal({ errors: ['ECONNRESET', 'ECONNRESET'], next: 3 });
      expect(guarded).to.deep.equal({ errors: ['ECONNRESET'], next: 3 });
    });

    for (const [what, act] of Object.entries(ONCE)) {
      it(`tells ${what} once, bare and guarded`, async () => {
        const { bare, guarded } = await cut(act);
        expect(guarded).to.deep.equal(bare);
        expect(bare.errors.length).to.equal(what === 'several statements' ? 3 : 1);
        expect(bare.next).to.equal(3);
      });
    }

    it('tells the promise of an execute', async () => {
      const { bare, guarded } = await cut((connection, answer) => {
        execute(connection, 'SELECT 1').then(
          () => answer(null),
          (error: Error) => answer(error),
        );
      });
      expect(guarded).to.deep.equal(bare);
      expect(guarded).to.deep.equal({ errors: ['ECONNRESET'], next: 3 });
    });

    it('is as silent as its server, though the driver knows how to prepare', async () => {
      const silences: number[] = [];
      await withPools(
        { ...server().connectionOptions(), port: proxy.port, connectionLimit: 1 },
        { on: { failure: ({ connection }) => silences.push(connection.silentMs) } },
        async (pool) => {
          const connection = await borrow(pool);
          await execute(connection, 'SELECT 1');
          proxy.hold();
          await wait(SILENCE_MS);
          const answer = execute(connection, 'SELECT 1');
          await turns();
          proxy.reset();
          await proxy.pass();
          const { code } = await failureOf(answer);
          connection.release();
          return code;
        },
      );
      expect(silences.length).to.equal(1);
      expect(silences[0]).to.be.at.least(SILENCE_MS - 10);
    });

    it('leaves nothing of it in the pool', async () => {
      const { guarded } = await withPools(
        { ...server().connectionOptions(), port: proxy.port, connectionLimit: 2 },
        {},
        async (pool, handle) => {
          const slow = askOne(pool, 'SELECT SLEEP(5)').catch(
            (error: NodeJS.ErrnoException) => error,
          );
          await waitUntil(() => handle === undefined || handle.stats().lent === 1);
          await turns();
          proxy.reset();
          const error = await slow;
          await waitUntil(() => handle === undefined || handle.stats().total === 0);
          return { error: (error as NodeJS.ErrnoException).code, stats: handle?.stats() };
        },
      );
      expect(guarded.error).to.equal('ECONNRESET');
      expect(guarded.stats).to.include({ lent: 0, idle: 0, pending: 0 });
    });
  });
});

async function borrowAndAsk(pool: Pool): Promise<unknown> {
  const connection = await borrow(pool);
  const answer = await askOne(connection, 'SELECT 3');
  connection.release();
  return within(connection)._closing ? 'closed' : answer;
}
