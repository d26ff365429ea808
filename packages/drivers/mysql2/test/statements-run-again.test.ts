import {
  eachServer,
  failureOf,
  startProxy,
  waitUntil,
  type DatabaseServer,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolOptions } from 'mysql2';
import { fateOf, guard, type Guard, type LifeguardOptions } from '../src/index.ts';
import { ask, askOne, borrow, execute } from './support/calls.ts';
import { compressesAtOnce } from './support/driver.ts';
import { drop, UNDOUBTED } from './support/same.ts';

/** A pool through a proxy, and a table in which a row may stand twice. */
interface Scene {
  readonly pool: Pool;
  readonly handle: Guard | undefined;
  readonly proxy: FaultProxy;
  readonly table: string;
  stored(): Promise<number[]>;
}

const LOGINS: Readonly<Record<string, (server: DatabaseServer) => PoolOptions>> = {
  plain: () => ({}),
  TLS: ({ ca = '' }) => ({ ssl: { ca } }),
  // Where it is compressed on another thread, the reset is read before anything is written.
  ...(compressesAtOnce && { compressed: () => ({ compress: true }) }),
};

describe('a statement that the server certainly has not run', () => {
  eachServer((server) => {
    let scene: Scene;
    let database: string;
    beforeEach(async () => (database = await server().createDatabase()));
    afterEach(async () => {
      drop(scene.pool);
      await scene.proxy.stop();
      await server().dropDatabase(database);
    });

    async function open(
      lifeguard: LifeguardOptions | false,
      options: PoolOptions = {},
    ): Promise<Scene> {
      const proxy = await startProxy(server());
      const login = { ...server().connectionOptions(), port: proxy.port, connectionLimit: 1 };
      const pool = createPool({ ...login, ...options });
      const handle = lifeguard === false ? undefined : guard(pool, { ...UNDOUBTED, ...lifeguard });
      const table = `${database}.again`;
      await server().query(`CREATE TABLE ${table} (n INT)`);
      await ask(pool, 'DO 1');
      const stored = async (): Promise<number[]> => {
        const rows = await server().query<{ n: number }>(`SELECT n FROM ${table} ORDER BY n`);
        return rows.map(({ n }) => n);
      };
      return (scene = { pool, handle, proxy, table, stored });
    }

    const insert = (n = 1): string => `INSERT INTO ${scene.table} VALUES (${n})`;

    for (const [title, login] of Object.entries(LOGINS)) {
      describe(`because its connection was reset in that moment, ${title}`, () => {
        it('fails bare', async () => {
          await open(false, login(server()));
          scene.proxy.reset();
          const error = await failureOf(ask(scene.pool, insert()));
          expect(error).to.include({ syscall: 'write' });
          expect(await scene.stored()).to.deep.equal([]);
        });

        it('runs once on a fresh connection', async () => {
          const { proxy, pool, handle, stored } = await open({}, login(server()));
          proxy.reset();
          await ask(pool, insert());
          expect(await stored()).to.deep.equal([1]);
          expect(handle?.stats()).to.include({ retries: 1, opened: 2 });
        });
      });
    }

    it('runs once where the server had closed the session, which nobody could see in time', async function () {
      // The server's clock has a grain of a second.
      this.timeout(20_000);
      await server().setGlobal('wait_timeout', 1);
      // Not through the proxy, which stands still together with this process.
      const { port } = server().connectionOptions();
      const { pool, handle, stored } = await open({ idleTimeout: 0 }, { port });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_500);
      await ask(pool, insert());
      await server().restoreGlobals();
      expect(await stored()).to.deep.equal([1]);
      expect(handle?.stats()).to.include({ retries: 1 });
    });

    it('may not be what a trigger says it is', async () => {
      const { pool, table } = await open({});
      const signal = `SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 4031, MESSAGE_TEXT = 'inactivity'`;
      await server().query(
        `CREATE TRIGGER ${table}_t BEFORE INSERT ON ${table} FOR EACH ROW ${signal}`,
      );
      const error = await failureOf(ask(pool, insert()));
      expect(error).to.have.property('errno', 4031);
      expect(fateOf(error)?.repeatable ?? false).to.equal(false);
    });

    it('is told as it failed where the pool has no room for another connection yet', async () => {
      const { proxy, pool, stored } = await open({}, { waitForConnections: false });
      proxy.reset();
      await ask(pool, insert());
      expect(await stored()).to.deep.equal([1]);
    });

    it('runs once when it is prepared first', async () => {
      const { proxy, pool, stored } = await open({});
      proxy.reset();
      await execute(pool, insert());
      proxy.reset();
      await execute(pool, insert(2));
      expect(await stored()).to.deep.equal([1, 2]);
    });

    it('runs once from a promise pool', async () => {
      const { proxy, pool, stored } = await open({});
      proxy.reset();
      await pool.promise().query(insert());
      expect(await stored()).to.deep.equal([1]);
    });

    it('fails with retry: false, and its error tells its fate', async () => {
      const { proxy, pool, stored, handle } = await open({ retry: false });
      proxy.reset();
      const error = await failureOf(ask(pool, insert()));
      expect(error).to.include({ syscall: 'write' });
      expect(fateOf(error)).to.include({ executed: 'no', repeatable: false });
      expect(await stored()).to.deep.equal([]);
      expect(handle?.stats()).to.include({ retries: 0 });
    });

    it('fails on a connection that the application holds, which works on as bare', async () => {
      const { proxy, pool, stored } = await open({});
      const held = await borrow(pool);
      proxy.reset();
      const error = await failureOf(ask(held, insert()));
      expect(fateOf(error)).to.include({ executed: 'no', repeatable: true });
      held.release();
      await ask(pool, insert(2));
      expect(await stored()).to.deep.equal([2]);
    });

    it('is given up when every connection is lost that it is sent on', async () => {
      const { proxy, pool, stored, handle } = await open({});
      pool.on('acquire', () => process.nextTick(() => proxy.reset()));
      const error = await failureOf(ask(pool, insert()));
      expect(fateOf(error)).to.include({ executed: 'no' });
      expect(handle?.stats()).to.include({ retries: 2 });
      expect(await stored()).to.deep.equal([]);
    });
  });
});

describe('a statement that the server may have run', () => {
  eachServer((server) => {
    let pool: Pool;
    let proxy: FaultProxy;
    const open = async (lifeguard: LifeguardOptions): Promise<Guard> => {
      proxy = await startProxy(server());
      pool = createPool({ ...server().connectionOptions(), port: proxy.port, connectionLimit: 1 });
      const handle = guard(pool, { ...UNDOUBTED, ...lifeguard });
      await ask(pool, 'DO 1');
      return handle;
    };
    afterEach(async () => {
      drop(pool);
      await proxy.stop();
    });

    /** Its answer is lost, and the connection behind it is lost then. */
    async function loseAnswer(sql: string): Promise<unknown> {
      const received = (): number =>
        proxy.connections().reduce((sum, { bytesFromClient }) => sum + bytesFromClient, 0);
      const before = received();
      proxy.hold();
      const answer = askOne(pool, sql);
      await waitUntil(() => received() > before);
      proxy.reset();
      await proxy.pass();
      return answer;
    }

    it('fails', async () => {
      const handle = await open({});
      const error = await failureOf(loseAnswer('SELECT 1'));
      expect(fateOf(error)).to.include({ executed: 'unknown', repeatable: false });
      expect(handle.stats()).to.include({ retries: 0 });
    });

    it('runs again if it is a plain read and the application allows that', async () => {
      const handle = await open({ retry: 'reads' });
      expect(Number(await loseAnswer('SELECT 1'))).to.equal(1);
      expect(handle.stats()).to.include({ retries: 1 });
      const error = await failureOf(loseAnswer('SELECT 1 FOR UPDATE'));
      expect(fateOf(error)).to.include({ executed: 'unknown', repeatable: false });
    });
  });
});
