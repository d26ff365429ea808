import { eachServer, standStill } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { DataSource } from 'typeorm';
import { guard } from '../src/index.ts';

describe('a transaction whose BEGIN is answered, and whose connection the server closes then', () => {
  eachServer((server) => {
    let database: string;
    beforeEach(async () => {
      database = await server().createDatabase('goodbye');
      await server().query(`CREATE TABLE ${database}.notes (n INT) ENGINE = InnoDB`);
      await server().setGlobal('wait_timeout', 1);
    });
    afterEach(async () => {
      await server().restoreGlobals();
      await server().dropDatabase(database);
    });

    it('stores nothing once it is rolled back, though both are read after a standstill', async () => {
      const { user: username, ...at } = server().connectionOptions();
      const dataSource = new DataSource({ type: 'mysql', ...at, username, database, poolSize: 1 });
      guard(dataSource, { logger: false });
      await dataSource.initialize();
      const runner = dataSource.createQueryRunner();
      await runner.query('SELECT 1');
      const started = runner.startTransaction();
      // It is written by now, and not answered.
      await new Promise(setImmediate);
      // The grain of the server's clock is a second.
      standStill(2_500);
      const failures: unknown[] = [];
      const note = (error: unknown): void => void failures.push(error);
      await started.then(() => runner.query('INSERT INTO notes VALUES (1)')).catch(note);
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(note);
      await runner.release();
      await dataSource.destroy();
      const stored = await server().query(`SELECT n FROM ${database}.notes`);
      expect(stored).to.deep.equal([]);
      expect(failures).not.to.deep.equal([]);
    });
  });
});
