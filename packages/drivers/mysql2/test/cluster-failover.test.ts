import { eachServer, failureOf, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPoolCluster, type PoolCluster } from 'mysql2';
import { guard } from '../src/index.ts';
import { ask } from './support/calls.ts';

const USER = 'lifeguard_cluster';
const INSERT = 'INSERT INTO notes VALUES (1)';

describe('the writer of a cluster that became read-only', () => {
  eachServer((server) => {
    let database: string;
    let cluster: PoolCluster;
    beforeEach(async () => {
      database = await server().createDatabase('cluster');
      await server().query(`CREATE TABLE ${database}.notes (n INT)`);
      await server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'w'`);
      await server().query(`GRANT SELECT, INSERT ON ${database}.* TO ${USER}@'%'`);
      cluster = createPoolCluster();
      const node = { ...server().connectionOptions(), user: USER, password: 'w', database };
      cluster.add('MASTER', { ...node, connectionLimit: 2 });
    });
    afterEach(async () => {
      await server().restoreGlobals();
      cluster.end();
      await server().query(`DROP USER ${USER}@'%'`);
      await server().dropDatabase(database);
    });

    it('refuses writes bare', async () => {
      await ask(cluster.of('MASTER'), INSERT);
      await server().setGlobal('read_only', 1);
      expect(await failureOf(ask(cluster.of('MASTER'), INSERT))).to.include({ errno: 1290 });
    });

    it('is waited for guarded, and the write runs once', async () => {
      const handle = guard(cluster);
      await ask(cluster.of('MASTER'), INSERT);
      const { opened } = handle.stats();
      await server().setGlobal('read_only', 1);
      const writing = ask(cluster.of('MASTER'), INSERT);
      await waitUntil(() => handle.stats().retries >= 2);
      await server().restoreGlobals();
      await writing;
      const stored = await server().query(`SELECT n FROM ${database}.notes`);
      expect(stored).to.have.length(2);
      expect(handle.stats().opened).to.be.above(opened);
    });
  });
});
