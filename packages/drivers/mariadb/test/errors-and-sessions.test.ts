import { Emitter, readOptions } from '@pool-lifeguard/core';
import { eachServer, failureOf, startProxy, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolConfig } from 'mariadb';
import { guard, install, type Guard } from '../src/index.ts';
import { heedless } from './subjects/mariadb-options.ts';
import { borrow } from './support/cores.ts';
import { drop, filled, loginOf } from './support/same.ts';

const USER = 'lifeguard_mariadb_writer';
const INSERT = 'INSERT INTO readonly_notes.notes VALUES (1)';

describe('what passes on a connection', () => {
  eachServer((server, flavour) => {
    const pools: Pool[] = [];
    const open = (config: PoolConfig = {}): Pool => {
      const login = { ...loginOf(server()), connectionLimit: 2, minimumIdle: 0 };
      const pool = createPool({ ...login, ...config });
      heedless(pool);
      pools.push(pool);
      return pool;
    };
    const openGuarded = (config: PoolConfig = {}): { pool: Pool; handle: Guard } => {
      const pool = open(config);
      return { pool, handle: guard(pool) };
    };
    afterEach(async () => {
      pools.splice(0).forEach(drop);
      await server().restoreGlobals();
    });

    it('a server that became read-only keeps its bare connections; guarded, all are replaced', async () => {
      await server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'w'`);
      await server().query('CREATE DATABASE readonly_notes');
      await server().query('CREATE TABLE readonly_notes.notes (n INT)');
      await server().query(`GRANT SELECT, INSERT ON readonly_notes.* TO ${USER}@'%'`);
      try {
        const kept = async (pool: Pool): Promise<boolean> => {
          const { wrapper, core } = await borrow(pool);
          await server().setGlobal('read_only', 1);
          const refused = await failureOf(wrapper.query(INSERT));
          expect(refused.errno).to.equal(1290);
          await wrapper.release();
          await server().restoreGlobals();
          const again = await borrow(pool);
          await again.wrapper.query(INSERT);
          return again.core === core;
        };
        const login = { user: USER, password: 'w', connectionLimit: 1, minimumIdle: 1 };
        expect(await kept(open(login))).to.equal(true);
        expect(await kept(openGuarded(login).pool)).to.equal(false);
      } finally {
        await server().query(`DROP USER ${USER}@'%'`);
        await server().dropDatabase('readonly_notes');
      }
    });

    it('a wrong password is told at once; bare, its borrower waits until his time is over', async () => {
      const wrong = { password: 'wrong', acquireTimeout: 300, minimumIdle: 1 };
      expect(await failureOf(open(wrong).query('SELECT 1'))).to.include({ errno: 45028 });
      const { pool, handle } = openGuarded(wrong);
      expect(await failureOf(pool.query('SELECT 1'))).to.include({ errno: 1045 });
      expect(handle.stats()).to.include({ timeouts: 0, pending: 0 });
    });

    it('a pool that cannot keep up its idle connections says so by the same event', async () => {
      const proxy = await startProxy(server().connectionOptions());
      await proxy.refuse();
      const { host, port } = proxy;
      const config = {
        host,
        port,
        minimumIdle: 1,
        initializationTimeout: 150,
        acquireTimeout: 300,
      };
      const heard = [open(config), openGuarded(config).pool].map(
        (pool) =>
          new Promise<NodeJS.ErrnoException>((resolve) => {
            (pool as unknown as NodeJS.EventEmitter).once('error', resolve);
          }),
      );
      const said = (await Promise.all(heard)).map(({ code, cause }) => {
        return [code, (cause as NodeJS.ErrnoException).code];
      });
      expect(said[0]).to.deep.equal(['ER_POOL_NOT_INITIALIZED', 'ECONNREFUSED']);
      expect(said[1]).to.deep.equal(said[0]);
      await proxy.stop();
    });

    it('a dial that nobody answers is given up when its time is over', async () => {
      const proxy = await startProxy(server().connectionOptions());
      proxy.blackhole('new');
      const { host, port } = proxy;
      const { pool, handle } = openGuarded({ host, port, acquireTimeout: 300, connectTimeout: 0 });
      const error = await failureOf(pool.query('SELECT 1'));
      expect(error.code).to.equal('ER_GET_CONNECTION_TIMEOUT');
      await waitUntil(() => handle.stats().opening === 0, { what: 'the end of the dial' });
      await proxy.stop();
    });

    it('of a name with several addresses, the first says why none could be reached', async () => {
      const errors = ['ECONNREFUSED', 'ENETUNREACH'].map((code) =>
        Object.assign(new Error(code), { code }),
      );
      const stream = (opened: (error: Error) => void): void =>
        process.nextTick(opened, new AggregateError(errors));
      const { pool } = openGuarded({ stream, acquireTimeout: 300 });
      const { cause } = await failureOf(pool.query('SELECT 1'));
      expect((cause as Error).cause).to.equal(errors[0]);
    });

    it('is known to the one who asks about a held connection', async () => {
      const pool = open();
      const installed = install(pool, readOptions({}), new Emitter({}));
      const { wrapper, core } = await borrow(pool);
      const check = (sql?: string): unknown => installed.checkHeld(core, sql, wrapper);
      expect(check('SELECT 1')).to.equal('keep');
      await wrapper.query('SET @a = 1');
      await wrapper.beginTransaction();
      await wrapper.execute('SELECT ? AS n', [1]);
      core.socket?.destroy();
      await turns();
      const lost = await failureOf(Promise.resolve(check('SELECT 1')));
      expect(lost.code).to.equal('LIFEGUARD_TRANSACTION_LOST');
      expect(lost.message).to.include('user variables');
      expect(installed.checkHeld({}, undefined, {})).to.equal('keep');
    });

    it('a session that began anew has lost nothing', async () => {
      const pool = open();
      const installed = install(pool, readOptions({}), new Emitter({}));
      const { wrapper, core } = await borrow(pool);
      await wrapper.query('SET @a = 1');
      await wrapper.reset();
      core.socket?.destroy();
      await turns();
      expect(await installed.checkHeld(core, 'SELECT 1', wrapper)).to.equal('move');
    });

    // The driver refuses to do it on MySQL.
    if (flavour === 'mariadb') {
      it('the user and database that somebody changed to are lost with the connection', async () => {
        const database = await server().createDatabase('changed');
        const pool = open({ database });
        const installed = install(pool, readOptions({}), new Emitter({}));
        const { wrapper, core } = await borrow(pool);
        await wrapper.query('SET @a = 1');
        await wrapper.changeUser({ database: 'mysql' });
        core.socket?.destroy();
        await turns();
        const lost = await failureOf(
          Promise.resolve(installed.checkHeld(core, 'SELECT 1', wrapper)),
        );
        expect(lost.code).to.equal('LIFEGUARD_SESSION_LOST');
        expect(lost.message).to.include('changeUser()').and.not.include('user variables');
        await server().dropDatabase(database);
      });
    }

    it('is watched during importFile(), too, and afterwards', async () => {
      const database = await server().createDatabase('import');
      const { pool, handle } = openGuarded({ database, connectionLimit: 1 });
      const { wrapper, core } = await borrow(pool);
      await failureOf(wrapper.importFile({ file: '/nowhere.sql' }));
      expect(await wrapper.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
      await wrapper.release();
      expect((await borrow(pool)).core).to.equal(core);
      expect(handle.stats().closed).to.deep.equal({});
      await server().dropDatabase(database);
    });

    it('a socket that the application keeps paused is not lent', async () => {
      const { pool, handle } = openGuarded();
      const { wrapper, core } = await borrow(pool);
      await wrapper.release();
      core.socket?.pause();
      expect(await pool.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
      expect(handle.stats().closed).to.deep.equal({ unclean: 1 });
    });

    it('a connection that the application destroys is counted, and replaced', async () => {
      const { pool, handle } = openGuarded({ connectionLimit: 1, minimumIdle: 1 });
      await filled(pool, 1);
      const { wrapper } = await borrow(pool);
      const waiting = pool.query('SELECT 1 AS one');
      wrapper.destroy();
      expect(await waiting).to.have.deep.members([{ one: 1 }]);
      expect(handle.stats()).to.deep.include({ total: 1, lent: 0, closed: { removed: 1 } });
    });
  });
});
