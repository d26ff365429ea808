import {
  eachServer,
  failureOf,
  startProxy,
  waitUntil,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createConnection, type PoolOptions } from 'mysql2';
import { LifeguardError } from '../src/index.ts';
import { ask, askOne } from './support/calls.ts';
import { countDials, withPools, type CountedDials } from './support/dials.ts';

const BORROWERS = 200;
const USER = 'lifeguard_guest';

describe('a server that cannot be reached', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    let dials: CountedDials;
    beforeEach('start a proxy', async () => {
      proxy = await startProxy(server());
      dials = countDials({ ...server().connectionOptions(), port: proxy.port });
    });
    afterEach(() => proxy.stop());

    const askAll = (pool: Parameters<typeof ask>[0]): Promise<unknown[]> =>
      Promise.all(Array.from({ length: BORROWERS }, (_, n) => askOne(pool, 'SELECT ?', [n])));
    const inTurn = Array.from({ length: BORROWERS }, (_, n) => n);

    it('fails 200 borrows with 200 dials bare; guarded a few dials serve all, until the deadline', async () => {
      await proxy.refuse();
      const { bare, guarded } = await withPools(
        dials.options,
        { connectionTimeout: '1s' },
        async (pool, handle) => {
          const before = dials.count();
          const failing = Array.from({ length: BORROWERS }, () => failureOf(ask(pool, 'SELECT 1')));
          const errors = await Promise.all(failing);
          return { errors, dials: dials.count() - before, timeouts: handle?.stats().timeouts };
        },
      );
      expect(bare.dials).to.equal(BORROWERS);
      for (const error of bare.errors) expect(error.code).to.equal('ECONNREFUSED');
      // Ten at once as bare, then one at a time with pauses of 12 to 250 ms.
      expect(guarded.dials).to.be.within(10, 30);
      expect(guarded.timeouts).to.equal(BORROWERS);
      for (const error of guarded.errors) {
        expect(error).to.be.instanceOf(LifeguardError);
        expect(error.code).to.equal('LIFEGUARD_CONNECTION_TIMEOUT');
        expect(error.cause).to.include({ code: 'ECONNREFUSED', syscall: 'connect' });
      }
    });

    it('and is back within the deadline fails nobody', async () => {
      const { guarded } = await withPools(dials.options, {}, async (pool, handle) => {
        if (!handle) return undefined;
        await proxy.refuse();
        const answers = askAll(pool);
        await waitUntil(() => handle.stats().openFailures >= 12);
        await proxy.pass();
        const { opening, pending } = handle.stats();
        return { answers: await answers, opening, pending, after: handle.stats() };
      });
      expect(guarded?.answers).to.deep.equal(inTurn);
      expect(guarded?.opening).to.be.at.most(1);
      expect(guarded?.pending).to.equal(BORROWERS);
      expect(guarded?.after).to.include({ pending: 0, timeouts: 0, lent: 0 });
    });

    it('while connections are lent lets the others wait for those', async () => {
      const { guarded } = await withPools(
        { ...dials.options, connectionLimit: 3 },
        {},
        async (pool, handle) => {
          if (!handle) return undefined;
          const slow = askOne(pool, 'SELECT SLEEP(0.2)');
          await waitUntil(() => handle.stats().lent === 1);
          await proxy.refuse();
          const answers = await askAll(pool);
          return { answers, slow: await slow, failures: handle.stats().openFailures };
        },
      );
      expect(guarded?.answers).to.deep.equal(inTurn);
      expect(guarded?.slow).to.equal(0);
      expect(guarded?.failures).to.be.at.least(1);
    });
  });
});

describe('a server with too many connections', () => {
  eachServer((server) => {
    let guests: ReturnType<typeof createConnection>[] = [];
    const options = (): PoolOptions => ({
      ...server().connectionOptions(),
      user: USER,
      password: 'guest',
      connectionLimit: 2,
    });

    before('create a user without privileges', () =>
      server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'guest'`),
    );
    after(() => server().query(`DROP USER ${USER}@'%'`));
    beforeEach('fill it', async () => {
      await server().setGlobal('max_connections', 10);
      guests = await fill(options());
    });
    afterEach('leave', async () => {
      for (const guest of guests) guest.destroy();
      await server().restoreGlobals();
    });

    it('refuses a bare borrow at once, and a guarded one gets the next place', async () => {
      const { bare, guarded } = await withPools(options(), {}, async (pool, handle) => {
        const answer = askOne(pool, 'SELECT 1').catch((error: NodeJS.ErrnoException) => error.code);
        if (handle) {
          await waitUntil(() => handle.stats().openFailures > 0);
          for (const guest of guests) guest.destroy();
        }
        return answer;
      });
      expect([bare, guarded]).to.deep.equal(['ER_CON_COUNT_ERROR', 1]);
    });

    it('is the cause told when no place becomes free', async () => {
      const { guarded } = await withPools(options(), { connectionTimeout: '1s' }, (pool) =>
        failureOf(ask(pool, 'SELECT 1')),
      );
      expect(guarded.code).to.equal('LIFEGUARD_CONNECTION_TIMEOUT');
      expect(guarded.cause).to.include({ code: 'ER_CON_COUNT_ERROR', errno: 1040 });
    });
  });
});

/** Opens connections until the server has no place left. */
async function fill(options: PoolOptions): Promise<ReturnType<typeof createConnection>[]> {
  const guests = [];
  for (;;) {
    const guest = createConnection({ ...options, multipleStatements: false });
    guest.on('error', () => {});
    const error = await ask(guest, 'SELECT 1').catch((failed: NodeJS.ErrnoException) => failed);
    if (!('code' in error)) guests.push(guest);
    else if (error.code === 'ER_CON_COUNT_ERROR') return guests;
    else throw error;
  }
}
