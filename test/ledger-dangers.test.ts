import { Readable } from 'node:stream';
import {
  eachServer,
  failureOf,
  startProxy,
  waitUntil,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool as createMariadbPool, type Pool as MariadbPool } from 'mariadb';
import { createPool, type Pool } from 'mysql2/promise';

const USER = 'ledger_dangers';
/** Waits for as long as the test keeps the lock. */
const WAIT = "DO GET_LOCK('ledger_dangers', 10) + RELEASE_LOCK('ledger_dangers')";

/** What the ledger guards against: bare, and with the error taken for a proof that nothing ran. */
describe('a failed call that its sender runs again', () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    let database: string;
    let mysql2: Pool;
    let mariadb: MariadbPool;

    beforeEach(async () => {
      proxy = await startProxy(server());
      database = await server().createDatabase();
      await server().query(`CREATE TABLE ${database}.t (n INT) ENGINE = MyISAM`);
      await server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'w'`);
      await server().query(`GRANT ALL ON ${database}.* TO ${USER}@'%'`);
      await server().setGlobal('local_infile', 1);
      const login = { ...server().connectionOptions(), user: USER, password: 'w' };
      const at = { ...login, port: proxy.port, database, multipleStatements: true };
      mysql2 = createPool(at);
      mariadb = createMariadbPool({ ...at, allowPublicKeyRetrieval: true, connectionLimit: 1 });
    });
    afterEach(async () => {
      await mysql2.end();
      await mariadb.end();
      await proxy.stop();
      await server().restoreGlobals();
      await server().query(`DROP USER ${USER}@'%'`);
      await server().dropDatabase(database);
    });

    const stored = async (): Promise<number[]> => {
      const rows = await server().query<{ n: number }>(`SELECT n FROM ${database}.t ORDER BY n`);
      return rows.map(({ n }) => n);
    };
    const running = (sql: string): Promise<unknown> =>
      waitUntil(
        async () => (await server().processList()).some(({ info }) => info?.includes(sql)),
        { what: sql },
      );

    it('is stored twice where the error is that of another one, sent behind it', async () => {
      const insert = 'INSERT INTO t SELECT SLEEP(1)';
      const lease = await mariadb.getConnection();
      const first = failureOf(lease.query(insert));
      await running(insert);
      proxy.reset();
      const second = failureOf(lease.query('INSERT INTO t VALUES (1)'));
      expect(await first).to.include({ syscall: 'write' });
      expect(await second).to.equal(await first);
      await lease.release();
      await waitUntil(async () => (await stored()).length === 1, { what: 'the first one' });
      await mariadb.query(insert);
      expect(await stored()).to.deep.equal([0, 0]);
    });

    for (const [name, text] of Object.entries({
      'several statements': `INSERT INTO t VALUES (1); ${WAIT}; INSERT INTO t VALUES (2)`,
      'a procedure': 'CALL p()',
    })) {
      it(`is stored in part twice where a read-only server refused the rest: ${name}`, async () => {
        await server().query(
          `CREATE PROCEDURE ${database}.p() SQL SECURITY INVOKER BEGIN ` +
            `INSERT INTO t VALUES (1); ${WAIT}; INSERT INTO t VALUES (2); END`,
        );
        await server().query("DO GET_LOCK('ledger_dangers', 10)");
        const refused = failureOf(mysql2.query(text));
        await running(WAIT);
        await server().setGlobal('read_only', 1);
        await server().query("DO RELEASE_LOCK('ledger_dangers')");
        expect(await refused).to.include({ errno: 1290 });
        await server().restoreGlobals();
        await mysql2.query(text);
        expect(await stored()).to.deep.equal([1, 1, 2]);
      });
    }

    it('is stored in part twice where a file was cut on its way', async () => {
      const sql = "LOAD DATA LOCAL INFILE 'rows' INTO TABLE t";
      const chunk = Array.from({ length: 1_000 }, (_, n) => `${n}\n`).join('');
      const chunks = 20;
      let cut: (() => void) | undefined = () => proxy.reset();
      const file = async function* (): AsyncGenerator<Buffer> {
        for (let at = 0; at < chunks; at++) yield Buffer.from(chunk);
        if (!cut) return;
        // The server has no end of the file yet, and keeps what it has read.
        const bytes = chunks * chunk.length;
        await waitUntil(() => proxy.connections().some((each) => each.bytesFromClient > bytes));
        cut();
        await new Promise((resolve) => setImmediate(resolve));
      };
      const load = (): Promise<unknown> =>
        mysql2.query({ sql, infileStreamFactory: () => Readable.from(file()) });
      expect(await failureOf(load())).to.include({ fatal: true });
      await waitUntil(async () => (await stored()).length > 0, { what: 'a part' });
      await waitUntil(
        async () => !(await server().processList()).some(({ db }) => db === database),
      );
      const part = (await stored()).length;
      cut = undefined;
      await load();
      expect(await stored()).to.have.length(part + chunks * 1_000);
    });

    it('is stored in part twice where a batch was cut on its way', async () => {
      const insert = { sql: 'INSERT INTO t VALUES (?)', bulk: false };
      const batch = Array.from({ length: 5 }, (_, n) => [n]);
      // A row waits in the middle, and hides nothing from who reads.
      await server().query(`ALTER TABLE ${database}.t ENGINE = InnoDB`);
      await server().query(
        `CREATE TRIGGER ${database}.wait BEFORE INSERT ON ${database}.t FOR EACH ROW ` +
          `BEGIN IF NEW.n = 3 THEN ${WAIT}; END IF; END`,
      );
      await server().query("DO GET_LOCK('ledger_dangers', 10)");
      const cut = failureOf(mariadb.batch(insert, batch));
      await waitUntil(async () => (await stored()).length === 3, { what: 'a part' });
      proxy.reset();
      await server().query("DO RELEASE_LOCK('ledger_dangers')");
      await cut;
      await waitUntil(
        async () => !(await server().processList()).some(({ db }) => db === database),
      );
      const part = (await stored()).length;
      await mariadb.batch(insert, batch);
      expect(await stored()).to.have.length(part + batch.length);
    });
  });
});
