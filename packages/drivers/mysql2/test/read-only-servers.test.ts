import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { fateOf, guard } from '../src/index.ts';
import { ask, askOne, borrow, borrowAll } from './support/calls.ts';
import { withPools } from './support/dials.ts';
import { drop } from './support/same.ts';

const USER = 'lifeguard_writer';
const INSERT = 'INSERT INTO failover.notes VALUES (1)';

describe('a server that became read-only', () => {
  eachServer((server) => {
    before('create a user that the option concerns', async () => {
      await server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'w'`);
      await server().query('CREATE DATABASE failover');
      await server().query('CREATE TABLE failover.notes (n INT)');
      await server().query(`CREATE PROCEDURE failover.note() SQL SECURITY INVOKER ${INSERT}`);
      await server().query(`GRANT EXECUTE, SELECT, INSERT ON failover.* TO ${USER}@'%'`);
    });
    after(async () => {
      await server().query(`DROP USER ${USER}@'%'`);
      await server().dropDatabase('failover');
    });
    afterEach(() => server().restoreGlobals());

    it('keeps its bare connections for ever; guarded, all are replaced after one refusal', async () => {
      const options = { ...server().connectionOptions(), user: USER, password: 'w' };
      const { bare, guarded } = await withPools(
        { ...options, connectionLimit: 3 },
        {},
        async (pool, handle) => {
          const lent = await borrowAll(pool, 3);
          for (const connection of lent.slice(1)) connection.release();
          await server().setGlobal('read_only', 1);
          const writer = lent[0] ?? (await borrow(pool));
          const refused = await failureOf(ask(writer, INSERT));
          const readable = await askOne(writer, 'SELECT 1');
          writer.release();
          const { idle } = handle?.stats() ?? {};
          await server().restoreGlobals();
          const fresh = await borrowAll(pool, 3);
          await ask(fresh[0] ?? pool, INSERT);
          const kept = fresh.filter((connection) => lent.includes(connection)).length;
          return { errno: refused.errno, readable, idle, kept };
        },
      );
      expect(bare).to.deep.equal({ errno: 1290, readable: 1, idle: undefined, kept: 3 });
      expect(guarded).to.deep.equal({ errno: 1290, readable: 1, idle: 0, kept: 0 });
    });

    describe('refuses a single statement, which has done nothing then', () => {
      const options = () => ({ ...server().connectionOptions(), user: USER, password: 'w' });
      let pool: Pool;
      beforeEach(() => (pool = createPool({ ...options(), connectionLimit: 2 })));
      afterEach(() => drop(pool));
      beforeEach(() => server().query('TRUNCATE TABLE failover.notes'));

      const stored = (): Promise<unknown> =>
        askOne(pool, 'SELECT COUNT(*) AS count FROM failover.notes').then(Number);

      it('fails bare', async () => {
        await server().setGlobal('read_only', 1);
        expect(await failureOf(ask(pool, INSERT))).to.include({ errno: 1290 });
      });

      it('waits guarded until a connection leads to a writer, and runs once', async () => {
        const handle = guard(pool);
        await server().setGlobal('read_only', 1);
        const repeated = new Promise<void>((resolve) => {
          let times = 0;
          handle.on('retried', () => ++times === 3 && resolve());
        });
        const inserting = ask(pool, INSERT);
        await repeated;
        await server().restoreGlobals();
        await inserting;
        expect(await stored()).to.equal(1);
      });

      it('is given up at the deadline, with the error of the server', async () => {
        guard(pool, { connectionTimeout: '1s' });
        await server().setGlobal('read_only', 1);
        const error = await failureOf(ask(pool, INSERT));
        expect(error).to.include({ errno: 1290 });
        expect(fateOf(error)).to.include({ executed: 'no', scope: 'generation' });
      });

      for (const sql of [`${INSERT}; ${INSERT}`, 'CALL failover.note()']) {
        it(`is told at once when it is more than that: ${sql}`, async () => {
          drop(pool);
          pool = createPool({ ...options(), multipleStatements: true });
          const handle = guard(pool);
          await server().setGlobal('read_only', 1);
          const error = await failureOf(ask(pool, sql));
          expect(error).to.include({ errno: 1290 });
          expect(fateOf(error)).to.include({ executed: 'unknown', repeatable: false });
          expect(handle.stats()).to.include({ retries: 0 });
        });
      }
    });

    it("is not meant by the application's own read-only transaction", async () => {
      const { bare, guarded } = await withPools(
        { ...server().connectionOptions(), connectionLimit: 1 },
        {},
        async (pool) => {
          const connection = await borrow(pool);
          await ask(connection, 'START TRANSACTION READ ONLY');
          const refused = await failureOf(ask(connection, INSERT));
          await ask(connection, 'ROLLBACK');
          connection.release();
          return { errno: refused.errno, kept: (await borrow(pool)) === connection };
        },
      );
      expect(bare).to.deep.equal({ errno: 1792, kept: true });
      expect(guarded).to.deep.equal(bare);
    });
  });
});
