import { fateOf, guard, type Guard, type LifeguardOptions } from '@pool-lifeguard/typeorm';
import {
  eachServer,
  failureOf,
  startProxy,
  waitUntil,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource, QueryRunner } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { nothingLeaked } from './support/pool.ts';
import { ask } from './support/runner.ts';

/** Nothing is looked at or opened ahead, so that only the failed write tells. */
const UNDOUBTED: LifeguardOptions = {
  keepaliveTime: 0,
  aliveBypassWindow: '1h',
  pingIdleAfter: '1h',
};
const INSERT = 'INSERT INTO notes (text) VALUES (1)';

describe('a statement whose connection is reset in that moment', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    let proxy: FaultProxy;
    let dataSource: DataSource;
    let runner: QueryRunner;

    const stored = async (): Promise<number> =>
      (await ask(dataSource, 'SELECT text FROM notes')).length;

    const open = async (lifeguard?: LifeguardOptions): Promise<Guard | undefined> => {
      dataSource = database.dataSource({ port: proxy.port, poolSize: 2 });
      const handle = lifeguard && guard(dataSource, { ...UNDOUBTED, ...lifeguard });
      await dataSource.initialize();
      await dataSource.query('CREATE TABLE IF NOT EXISTS notes (text INT)');
      await dataSource.query('DELETE FROM notes');
      runner = dataSource.createQueryRunner();
      return handle;
    };

    beforeEach(async () => (proxy = await startProxy(server())));
    afterEach(async () => {
      await runner.release();
      await nothingLeaked(dataSource, database);
      await database.close();
      await proxy.stop();
    });

    it('fails bare', async () => {
      await open();
      proxy.reset();
      expect(await failureOf(dataSource.query(INSERT))).to.have.property(
        'message',
        'write ECONNRESET',
      );
      expect(await stored()).to.equal(0);
    });

    it('runs once on a fresh connection', async () => {
      const handle = await open({});
      proxy.reset();
      await dataSource.query(INSERT);
      expect(await stored()).to.equal(1);
      expect(handle?.stats()).to.include({ retries: 1 });
    });

    it('does so for a runner that holds the connection, which goes on with the fresh one', async () => {
      const handle = await open({});
      await runner.query('SELECT 1');
      const held = runner.connect();
      proxy.reset();
      await runner.query(INSERT);
      expect(await runner.connect()).not.to.equal(await held);
      await runner.query(INSERT);
      expect(await stored()).to.equal(2);
      expect(handle?.stats()).to.include({ retries: 1, moved: 1, lost: 0 });
    });

    it('gives the fresh connection back where its runner was released meanwhile', async () => {
      const handle = await open({});
      await runner.query('SELECT 1');
      await proxy.refuse();
      proxy.reset();
      const inserting = runner.query(INSERT);
      await waitUntil(() => (handle?.stats().openFailures ?? 0) > 0);
      await runner.release();
      await proxy.pass();
      await inserting;
      expect(await stored()).to.equal(1);
      expect(handle?.stats()).to.include({ lent: 0, retries: 1 });
    });

    it('does so for the beginning of a transaction', async () => {
      await open({});
      await runner.query('SELECT 1');
      proxy.reset();
      await runner.startTransaction();
      await runner.query(INSERT);
      await runner.rollbackTransaction();
      expect(await stored()).to.equal(0);
    });

    it('fails inside a transaction, which is lost', async () => {
      const handle = await open({});
      await runner.startTransaction();
      proxy.reset();
      const error = await failureOf(runner.query(INSERT));
      expect(fateOf(error)).to.include({ executed: 'no', repeatable: false });
      await runner.rollbackTransaction();
      await runner.query(INSERT);
      expect(await stored()).to.equal(1);
      expect(handle?.stats()).to.include({ retries: 0 });
    });

    it('fails where the session had state', async () => {
      await open({});
      await runner.query('SET @a = 1');
      proxy.reset();
      expect(fateOf(await failureOf(runner.query(INSERT)))).to.include({ repeatable: false });
      expect(await stored()).to.equal(0);
    });

    it('fails with others of that moment on the same runner: which came first is not known', async () => {
      const handle = await open({});
      await runner.query('SELECT 1');
      proxy.reset();
      const [begin, insert] = [failureOf(runner.query('BEGIN')), failureOf(runner.query(INSERT))];
      expect(fateOf(await begin)).to.include({ repeatable: false });
      expect(fateOf(await insert)).to.include({ repeatable: false });
      expect(await stored()).to.equal(0);
      expect(handle?.stats()).to.include({ retries: 0 });
    });

    it('fails with retry: false', async () => {
      const handle = await open({ retry: false });
      proxy.reset();
      const error = await failureOf(dataSource.query(INSERT));
      expect(fateOf(error)).to.include({ executed: 'no', repeatable: false });
      expect(handle?.stats()).to.include({ retries: 0 });
    });
  });
});
