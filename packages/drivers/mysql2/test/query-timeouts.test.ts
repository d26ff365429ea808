import { eachServer, failureOf, startProxy, type FaultProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { PoolConnection } from 'mysql2';
import { askOne, borrow, within } from './support/calls.ts';
import { withPools } from './support/dials.ts';
import { parityOn } from './support/same.ts';

describe('a statement that the client stopped waiting for', () => {
  eachServer((server) => {
    const { better } = parityOn(server);

    better(
      'leaves its connection busy: bare the next borrower waits for it, guarded he gets another',
      { connectionLimit: 1 },
      async ({ pool, handle }) => {
        const connection = await borrow(pool);
        const error = await failureOf(timedOut(connection, 'SELECT SLEEP(0.3)'));
        connection.release();
        const next = await borrow(pool);
        const waits = (within(next)._command ?? null) !== null;
        const answer = await askOne(next, 'SELECT 1');
        const { closed } = handle?.stats() ?? {};
        return { code: error.code, same: next === connection, waits, answer, closed };
      },
      (bare, guarded, way) => {
        const code = 'PROTOCOL_SEQUENCE_TIMEOUT';
        expect(bare).to.deep.equal({ code, same: true, waits: true, answer: 1, closed: undefined });
        const closed = { poisoned: 1 };
        expect(guarded, way).to.deep.equal({ code, same: false, waits: false, answer: 1, closed });
      },
    );

    better(
      'gives the connection back that answers in time after all',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const connection = await borrow(pool);
        await timedOut(connection, 'SELECT 1', 5_000);
        connection.release();
        return (await borrow(pool)) === connection;
      },
      (bare, guarded) => expect([bare, guarded]).to.deep.equal([true, true]),
    );

    better(
      'and was sent by pool.query() is closed too',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const first = await borrow(pool);
        first.release();
        const sql = 'SELECT SLEEP(0.2)';
        await failureOf(
          new Promise((resolve, reject) => {
            pool.query({ sql, timeout: 20 }, (error) => (error ? reject(error) : resolve(null)));
          }),
        );
        const second = await borrow(pool);
        return [second === first, await askOne(second, 'SELECT 2')];
      },
      (bare, guarded, way) => {
        expect(bare).to.deep.equal([true, 2]);
        expect(guarded, way).to.deep.equal([false, 2]);
      },
    );
  });
});

describe('a connection that is destroyed', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    beforeEach(async () => (proxy = await startProxy(server())));
    afterEach(() => proxy.stop());

    it('over a black hole stays half open bare; guarded its socket is gone', async () => {
      const { bare, guarded } = await withPools(
        { ...server().connectionOptions(), port: proxy.port, connectionLimit: 1 },
        {},
        async (pool, handle) => {
          const connection = await borrow(pool);
          proxy.blackhole('existing');
          await failureOf(timedOut(connection, 'SELECT 1'));
          const second = askOne(connection, 'SELECT 2').catch((error: Error) => error.message);
          if (handle) connection.release();
          else connection.destroy();
          const answer = await askOne(pool, 'SELECT 3');
          const pending = Symbol('pending');
          const outcome = await Promise.race([second, Promise.resolve(pending)]);
          const { destroyed } = within(connection).stream;
          return { answer, answered: outcome !== pending, destroyed };
        },
      );
      expect(bare).to.deep.equal({ answer: 3, answered: false, destroyed: false });
      expect(guarded).to.deep.equal({ answer: 3, answered: true, destroyed: true });
    });
  });
});

function timedOut(connection: PoolConnection, sql: string, timeout = 20): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, timeout }, (error) => (error ? reject(error) : resolve(null)));
  });
}
