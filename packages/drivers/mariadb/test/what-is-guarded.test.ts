import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createConnection, createPool, type Pool } from 'mariadb';
import { createPool as createCallbackPool } from 'mariadb/callback';
import { createRequire } from 'node:module';
import { guard, LifeguardError } from '../src/index.ts';
import type { OuterPool } from '../src/mariadb-shapes.ts';
import { privateParts } from '../src/private-parts.ts';
import { heedless } from './subjects/mariadb-options.ts';
import { drop, loginOf } from './support/same.ts';

const require = createRequire(import.meta.url);

/** Things that are no pool of mariadb. */
const NO_POOLS: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  null: null,
  'a text': 'mariadb://root@127.0.0.1/test',
  'an empty object': {},
  'a pool of another kind': { getConnection() {}, releaseConnection() {}, end() {} },
  'a look-alike': Object.fromEntries(
    [
      ...['getConnection', 'query', 'execute', 'batch', 'importFile', 'end'],
      ...['activeConnections', 'totalConnections', 'idleConnections', 'taskQueueSize'],
    ].map((name) => [name, () => 0]),
  ),
};

describe('guard()', () => {
  for (const [what, target] of Object.entries(NO_POOLS)) {
    it(`given ${what} says what it takes`, () => {
      let error: unknown;
      try {
        guard(target as object);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(LifeguardError);
      expect(error).to.include({ code: 'LIFEGUARD_UNSUPPORTED' });
      expect((error as Error).message)
        .to.include('createPool()')
        .and.include('mariadb');
    });
  }

  eachServer((server) => {
    const pools: Pick<Pool, 'end' | 'closed'>[] = [];
    const open = (create: typeof createPool = createPool): Pool => {
      const pool = create({ ...loginOf(server()), connectionLimit: 2, minimumIdle: 1 });
      heedless(pool);
      pools.push(pool);
      return pool;
    };
    afterEach(() => pools.splice(0).forEach(drop));

    it('given a single connection says what it takes, and leaves it alone', async () => {
      const connection = await createConnection(loginOf(server()));
      expect(() => guard(connection)).to.throw(LifeguardError, 'createPool()');
      expect(await connection.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
      await connection.end();
    });

    it('given a pool that is built otherwise says so, and leaves it alone', async () => {
      const [lacking, defiant, twin] = [open(), open(), open()];
      Object.assign(privateParts(lacking as unknown as OuterPool).pool, { _handleRelease: null });
      Object.defineProperty(defiant, 'constructor', {
        value: function NoPool() {
          throw new Error('no pool');
        },
      });
      for (const pool of [lacking, defiant]) {
        expect(() => guard(pool)).to.throw(LifeguardError, 'mariadb 3.4.5 or newer');
        expect(Object.hasOwn(pool, 'getConnection')).to.equal(false);
      }
      expect(Reflect.ownKeys(lacking)).to.deep.equal(Reflect.ownKeys(twin));
      expect(await defiant.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
    });

    it('given a pool twice guards it once', async () => {
      const pool = open();
      const handle = guard(pool);
      expect(guard(pool, { maxLifetime: 5 })).to.equal(handle);
      await pool.query('DO 1');
      expect(handle.stats()).to.include({ borrows: 1, mode: 'on' });
    });

    it('given enabled: false changes nothing', async () => {
      const pool = open();
      const twin = open();
      const handle = guard(pool, { enabled: false });
      expect(Reflect.ownKeys(pool)).to.deep.equal(Reflect.ownKeys(twin));
      expect(handle.stats()).to.include({ mode: 'off', total: 0 });
      handle.undo();
      expect(await pool.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
    });

    it("given enabled: 'observe' reports what it would do, and does nothing", async () => {
      const pool = open();
      const handle = guard(pool, { enabled: 'observe', aliveBypassWindow: 0 });
      const verdicts: unknown[] = [];
      handle.on('verdict', ({ verdict, observed }) => verdicts.push([verdict, observed]));
      for (let round = 0; round < 3; round += 1) await pool.query('DO 1');
      expect(verdicts).not.to.have.length(0);
      expect(new Set(verdicts.map(String))).to.deep.equal(new Set(['look,true']));
      expect(handle.stats()).to.include({ borrows: 3, mode: 'observe', looks: 0 });
      expect(await handle.evictStale()).to.deep.equal({ checked: 0, evicted: 0 });
      await pool.end();
      expect((await failureOf(pool.query('DO 1'))).code).to.equal('ER_POOL_ALREADY_CLOSED');
    });

    for (const name of ['mariadb', 'mariadb/callback']) {
      it(`guards what the other build of the driver made (${name} by require)`, async () => {
        const driver = require(name) as { createPool: typeof createPool };
        const pool = open(driver.createPool);
        const handle = guard(pool);
        await new Promise<void>((resolve, reject) => {
          const asked: unknown = (pool.query as (...how: unknown[]) => unknown)(
            'SELECT 1',
            [],
            (error: Error | null) => (error ? reject(error) : resolve()),
          );
          if (asked instanceof Promise) asked.then(() => resolve(), reject);
        });
        expect(handle.stats()).to.include({ borrows: 1, lent: 0 });
        handle.undo();
      });
    }

    it('evictStale() and evictAll() close what they should', async () => {
      const pool = open();
      const handle = guard(pool);
      const held = [await pool.getConnection(), await pool.getConnection()];
      await held[0]?.release();
      expect(await handle.evictStale()).to.deep.equal({ checked: 1, evicted: 0 });
      handle.evictAll();
      await held[1]?.release();
      expect(handle.stats().closed).to.deep.equal({ generation: 2 });
      expect(await pool.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
    });

    it('a callback pool calls back as it does bare', async () => {
      const heard: unknown[][] = [];
      for (const way of ['bare', 'guarded']) {
        const lines: unknown[] = [];
        const pool = createCallbackPool({
          ...loginOf(server()),
          connectionLimit: 1,
          minimumIdle: 1,
        });
        heedless(pool);
        if (way === 'guarded') guard(pool);
        expect(() => pool.getConnection(undefined as never)).to.throw('missing mandatory callback');
        await new Promise<void>((resolve) => {
          pool.getConnection((error, connection) => {
            lines.push(error);
            connection?.query('SELECT 1 AS one', (_, rows?: object[], meta?: unknown[]) => {
              lines.push(rows?.[0], meta?.length);
              connection.release(() => {
                lines.push('released');
                connection.release(() => lines.push('again'));
                pool.execute('SELECT ? AS two', [2], (failure, result?: object[]) => {
                  lines.push(failure, result?.[0], pool.activeConnections());
                  resolve();
                });
              });
            });
          });
        });
        await new Promise((resolve) =>
          pool.query('nonsense', (error) => resolve(lines.push(error?.code))),
        );
        await new Promise((resolve) =>
          pool.importFile({ file: '/nowhere' }, (error) => resolve(lines.push(error?.code))),
        );
        await new Promise<void>((resolve) => pool.end(() => resolve()));
        heard.push(lines);
      }
      expect(heard[0]).to.include.members([
        'released',
        'again',
        'ER_PARSE_ERROR',
        'ER_MISSING_DATABASE_PARAMETER',
      ]);
      expect(heard[1]).to.deep.equal(heard[0]);
    });
  });
});
