import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { ask, askOne, borrow, borrowAll } from './support/calls.ts';
import { withPools } from './support/dials.ts';

const USER = 'lifeguard_writer';
const INSERT = 'INSERT INTO failover.notes VALUES (1)';

describe('a server that became read-only', () => {
  eachServer((server) => {
    before('create a user that the option concerns', async () => {
      await server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'w'`);
      await server().query('CREATE DATABASE failover');
      await server().query('CREATE TABLE failover.notes (n INT)');
      await server().query(`GRANT SELECT, INSERT ON failover.* TO ${USER}@'%'`);
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
