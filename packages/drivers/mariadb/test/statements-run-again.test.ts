import {
  answerOf,
  eachServer,
  failureOf,
  startProxy,
  waitUntil,
  type DatabaseServer,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool as createCallbackPool, type Pool as CallbackPool } from 'mariadb/callback';
import { createPool, type Pool, type PoolConfig } from 'mariadb';
import { fateOf, guard, type Guard, type LifeguardOptions } from '../src/index.ts';
import { heedless } from './subjects/mariadb-options.ts';
import { drop, filled, loginOf, UNDOUBTED } from './support/same.ts';

const LOGINS: Readonly<Record<string, (server: DatabaseServer) => PoolConfig>> = {
  plain: () => ({}),
  'without pipelining': () => ({ pipelining: false }),
  TLS: ({ ca = '' }) => ({ ssl: { ca } }),
  compressed: () => ({ compress: true }),
};

describe('a statement whose connection is reset in that moment', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    let database: string;
    const pools: { readonly closed: boolean; end(): unknown }[] = [];
    const callbackPools: CallbackPool[] = [];

    const config = (more: PoolConfig = {}): PoolConfig => {
      const login = { ...loginOf(server()), port: proxy.port, connectionLimit: 1, minimumIdle: 1 };
      return { ...login, ...more };
    };
    const open = async (
      lifeguard: LifeguardOptions = {},
      more: PoolConfig = {},
    ): Promise<{ pool: Pool; handle: Guard }> => {
      const pool = createPool(config(more));
      heedless(pool);
      pools.push(pool);
      const handle = guard(pool, { ...UNDOUBTED, ...lifeguard });
      await filled(pool, 1, handle);
      return { pool, handle };
    };
    const insert = (n = 1): string => `INSERT INTO ${database}.again VALUES (${n})`;
    const stored = async (): Promise<number[]> => {
      const rows = await server().query<{ n: number }>(
        `SELECT n FROM ${database}.again ORDER BY n`,
      );
      return rows.map(({ n }) => n);
    };

    beforeEach(async () => {
      proxy = await startProxy(server());
      database = await server().createDatabase();
      await server().query(`CREATE TABLE ${database}.again (n INT) ENGINE = MyISAM`);
    });
    afterEach(async () => {
      pools.splice(0).forEach(drop);
      for (const pool of callbackPools.splice(0)) pool.end(() => {});
      await proxy.stop();
      await server().dropDatabase(database);
    });

    for (const [title, login] of Object.entries(LOGINS)) {
      it(`runs once on a fresh connection, ${title}`, async () => {
        const { pool, handle } = await open({}, login(server()));
        proxy.reset();
        await pool.query(insert(1));
        proxy.reset();
        await pool.execute(insert(2));
        expect(await stored()).to.deep.equal([1, 2]);
        expect(handle.stats()).to.include({ retries: 2, opened: 3 });
      });
    }

    it('runs once when it had been prepared before', async () => {
      const { pool } = await open();
      for (const n of [1, 2]) await pool.execute(`INSERT INTO ${database}.again VALUES (?)`, [n]);
      proxy.reset();
      await pool.execute(`INSERT INTO ${database}.again VALUES (?)`, [3]);
      expect(await stored()).to.deep.equal([1, 2, 3]);
    });

    it('runs once from a callback pool', async () => {
      const pool: CallbackPool = createCallbackPool(config());
      heedless(pool);
      callbackPools.push(pool);
      await answerOf((done) => pool.query('DO 1', done));
      const handle = guard(pool, UNDOUBTED);
      await answerOf((done) => pool.query('DO 1', done));
      proxy.reset();
      await answerOf((done) => pool.query(insert(1), done));
      proxy.reset();
      await answerOf((done) => pool.execute(insert(2), done));
      expect(await stored()).to.deep.equal([1, 2]);
      expect(handle.stats()).to.include({ retries: 2 });
    });

    it('fails with retry: false', async () => {
      const { pool, handle } = await open({ retry: false });
      proxy.reset();
      const error = await failureOf(pool.query(insert()));
      expect(fateOf(error)).to.include({ executed: 'no', repeatable: false });
      expect(handle.stats()).to.include({ retries: 0 });
      expect(await stored()).to.deep.equal([]);
    });

    it('fails when others are under way: one write error reaches them all, and one has run', async () => {
      const { pool } = await open();
      const held = await pool.getConnection();
      const slow = `INSERT INTO ${database}.again SELECT SLEEP(0.2)`;
      const first = failureOf(held.query(slow));
      await waitUntil(async () => (await server().processList()).some(({ info }) => info === slow));
      proxy.reset();
      const second = failureOf(held.query(insert(2)));
      for (const error of [await first, await second]) {
        expect(fateOf(error)).to.include({ executed: 'unknown', repeatable: false });
      }
      await waitUntil(async () => (await stored()).length === 1, { what: 'the first one' });
      await held.release();
    });

    it('fails when it is a batch, of which a part may have run', async () => {
      const { pool } = await open();
      proxy.reset();
      const rows = Array.from({ length: 10 }, (_, n) => [n]);
      const error = await failureOf(pool.batch(`INSERT INTO ${database}.again VALUES (?)`, rows));
      expect(fateOf(error)).to.include({ executed: 'unknown', repeatable: false });
      expect(await stored()).to.deep.equal([]);
    });
  });
});
