import {
  eachServer,
  failureOf,
  startProxy,
  turns,
  waitUntil,
  type DatabaseServer,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolConfig } from 'mariadb';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { guard, LifeguardError, type LifeguardOptions } from '../src/index.ts';
import { discard } from '../src/health.ts';
import { heedless } from './subjects/mariadb-options.ts';
import { borrow } from './support/cores.ts';
import { drop, filled, loginOf } from './support/same.ts';

/** Longer than the driver's own `minDelayValidation`, so that it would ping. */
const RESTED_MS = 600;

describe('what the pool of mariadb does not see', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    const pools: Pool[] = [];
    beforeEach(async () => {
      proxy = await startProxy(server().connectionOptions());
    });
    afterEach(async () => {
      pools.splice(0).forEach(drop);
      await proxy.stop();
    });

    const open = (config: PoolConfig, lifeguard?: LifeguardOptions): Pool => {
      const { host, port } = proxy;
      const pool = createPool({ ...loginOf(server()), host, port, minimumIdle: 1, ...config });
      heedless(pool);
      pools.push(pool);
      if (lifeguard) guard(pool, lifeguard);
      return pool;
    };

    it('an idle connection whose socket somebody destroyed is lent, and hangs its query, bare', async () => {
      const ask = async (pool: Pool): Promise<unknown> => {
        const { wrapper, core } = await borrow(pool);
        await wrapper.release();
        core.socket?.destroy();
        await turns();
        return pool.query('SELECT 1 AS one');
      };
      const bare = ask(open({ connectionLimit: 1 }));
      expect(await failureOf(Promise.race([bare, rejectedAfter(300)]))).to.include({
        message: 'still waiting',
      });
      const [row] = (await ask(open({ connectionLimit: 1 }, {}))) as object[];
      expect(row).to.deep.equal({ one: 1 });
    });

    it('a clock set back spares connections the validation, bare', async () => {
      const ask = async (pool: Pool): Promise<unknown> => {
        await pool.query('DO 1');
        await new Promise((resolve) => setTimeout(resolve, RESTED_MS));
        proxy.forget();
        const clock: SinonFakeTimers = useFakeTimers({
          now: Date.now() - 3_600_000,
          toFake: ['Date'],
        });
        try {
          return await pool.query('SELECT 1 AS one');
        } finally {
          clock.restore();
        }
      };
      await failureOf(ask(open({ connectionLimit: 1 })));
      const [row] = (await ask(open({ connectionLimit: 1 }, { pingAfter: 100 }))) as object[];
      expect(row).to.deep.equal({ one: 1 });
    });

    it('its acquireTimeout is over long before it says so, bare', async () => {
      const acquireTimeout = 500;
      const four = { connectionLimit: 4, minimumIdle: 4 };
      const ask = async (pool: Pool): Promise<unknown> => {
        await filled(pool, 4);
        const all = await Promise.all(Array.from({ length: 4 }, () => pool.getConnection()));
        for (const connection of all) await connection.release();
        // The driver validates by its clock only.
        await new Promise((resolve) => setTimeout(resolve, RESTED_MS));
        proxy.blackhole();
        return Promise.race([pool.query('SELECT 1'), rejectedAfter(2 * acquireTimeout)]);
      };
      const bare = await failureOf(ask(open({ ...four, acquireTimeout })));
      expect(bare.message).to.equal('still waiting');
      await proxy.pass();
      const options = { pingAfter: 100, validationTimeout: 200 };
      const error = await failureOf(ask(open({ ...four, acquireTimeout }, options)));
      expect(error.code).to.equal('ER_GET_CONNECTION_TIMEOUT');
      expect(error.cause).to.be.instanceOf(LifeguardError);
    });

    it('one of several falls silent, which its own ping finds, whatever is heard on the others', async () => {
      const options = { pingAfter: 200, validationTimeout: 300 };
      const pool = open({ connectionLimit: 2 });
      await filled(pool, 1, guard(pool, options));
      const silent = await pool.getConnection();
      proxy.blackhole('existing');
      const other = await pool.getConnection();
      await silent.release();
      await other.release();
      // What counts is the guard's own clock: one connection is heard all the time, one is not.
      const since = performance.now();
      while (performance.now() - since < 2 * options.pingAfter) await pool.query('DO 1');
      const answers = [1, 2].map((n) => pool.query('SELECT ? AS n', [n]));
      expect(await Promise.all(answers)).to.have.deep.nested.property('[1][0]', { n: 2 });
    });

    it('a busy connection is closed without a second dial', async () => {
      for (const way of ['bare', 'guarded'] as const) {
        const pool = open({ connectionLimit: 1 }, way === 'bare' ? undefined : {});
        const { wrapper, core } = await borrow(pool);
        const before = proxy.connections().length;
        const running = failureOf(wrapper.query('SELECT SLEEP(20)'));
        await turns();
        if (way === 'bare') wrapper.destroy();
        else discard(core, new Error('given up'));
        const error = await running;
        const dials = proxy.connections().length - before;
        if (way === 'bare') expect(dials).to.be.at.least(1);
        else expect({ dials, said: error.message }).to.deep.equal({ dials: 0, said: 'given up' });
        drop(pool);
      }
    });

    it('a first error is not the cause of all later ones', async () => {
      const ask = async (pool: Pool): Promise<Error> => {
        await proxy.refuse();
        return failureOf(pool.query('SELECT 1'));
      };
      const pool = open({ connectionLimit: 1, minimumIdle: 0, acquireTimeout: 300 }, {});
      const { cause } = await ask(pool);
      expect(cause).to.be.instanceOf(LifeguardError);
      expect(((cause as Error).cause as NodeJS.ErrnoException).code).to.equal('ECONNREFUSED');
    });

    it('a pool that keeps up no idle connection opens a first one when it is asked', async () => {
      const pool = open({ connectionLimit: 2, minimumIdle: 0 }, {});
      expect(await pool.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
      expect(pool.totalConnections()).to.equal(1);
    });

    it('leases are last in, first out', async () => {
      const used = async (pool: Pool): Promise<number> => {
        const all = await Promise.all(Array.from({ length: 3 }, () => pool.getConnection()));
        for (const connection of all) await connection.release();
        const ids = new Set<unknown>();
        for (let round = 0; round < 6; round += 1) {
          const [row] = await pool.query<{ id: unknown }[]>('SELECT CONNECTION_ID() AS id');
          ids.add(row?.id);
        }
        return ids.size;
      };
      expect(await used(open({ connectionLimit: 3 }))).to.equal(3);
      expect(await used(open({ connectionLimit: 3 }, {}))).to.equal(1);
    });

    it('a statement that is killed leaves its connection well', async () => {
      const pool = open({ connectionLimit: 1 }, {});
      const { wrapper, core } = await borrow(pool);
      const sql = 'SELECT SLEEP(20) FROM (SELECT 1 UNION SELECT 2) AS two';
      const running = failureOf(wrapper.query(sql));
      await waitUntil(async () => (await textsOn(server())).includes(sql), { what: 'it running' });
      await server().query(`KILL QUERY ${core.threadId}`);
      expect(await running).to.include({ errno: 1317, fatal: true });
      await wrapper.release();
      expect((await borrow(pool)).core).to.equal(core);
    });
  });
});

function rejectedAfter(ms: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error('still waiting')), ms);
  });
}

/** What the server is doing. */
async function textsOn(server: DatabaseServer): Promise<readonly (string | null)[]> {
  const rows = await server.query<{ info: string | null }>(
    'SELECT INFO AS info FROM information_schema.PROCESSLIST',
  );
  return rows.map(({ info }) => info);
}
