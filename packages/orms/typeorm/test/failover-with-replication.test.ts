import { eachServer, failureOf, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { DataSource } from 'typeorm';
import { guard } from '../src/index.ts';

const USER = 'lifeguard_author';
const INSERT = 'INSERT INTO notes VALUES (1)';

describe('a writer of a data source with replication that became read-only', () => {
  eachServer((server) => {
    let database: string;
    let dataSource: DataSource;
    beforeEach(async () => {
      database = await server().createDatabase('failover');
      await server().query(`CREATE TABLE ${database}.notes (n INT)`);
      await server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'w'`);
      await server().query(`GRANT SELECT, INSERT ON ${database}.* TO ${USER}@'%'`);
      const { host, port } = server().connectionOptions();
      const node = { host, port, username: USER, password: 'w', database };
      dataSource = new DataSource({
        ...{ type: 'mysql', poolSize: 2, replication: { master: node, slaves: [node] } },
      });
    });
    afterEach(async () => {
      await server().restoreGlobals();
      await dataSource.destroy();
      await server().query(`DROP USER ${USER}@'%'`);
      await server().dropDatabase(database);
    });

    it('refuses writes on the connections it has, bare', async () => {
      await dataSource.initialize();
      await dataSource.query(INSERT);
      await server().setGlobal('read_only', 1);
      expect(await failureOf(dataSource.query(INSERT))).to.include({ errno: 1290 });
    });

    it('is waited for guarded: the write runs once, on a connection opened since', async () => {
      const handle = guard(dataSource);
      await dataSource.initialize();
      await dataSource.query(INSERT);
      const { opened } = handle.stats();
      await server().setGlobal('read_only', 1);
      const writing = dataSource.query(INSERT);
      await waitUntil(() => handle.stats().retries >= 2);
      await server().restoreGlobals();
      await writing;
      const stored = await server().query(`SELECT n FROM ${database}.notes`);
      expect(stored).to.have.length(2);
      expect(handle.stats().opened).to.be.above(opened);
    });

    it('lets reads go on meanwhile', async () => {
      const handle = guard(dataSource);
      await dataSource.initialize();
      await server().setGlobal('read_only', 1);
      const writing = dataSource.query(INSERT);
      await waitUntil(() => handle.stats().retries >= 1);
      const slave = dataSource.createQueryRunner('slave');
      expect(await slave.query('SELECT n FROM notes')).to.deep.equal([]);
      await slave.release();
      await server().restoreGlobals();
      await writing;
    });
  });
});
