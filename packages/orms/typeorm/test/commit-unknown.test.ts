import { guard } from '@pool-lifeguard/typeorm';
import { eachServer, failureOf, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource, QueryRunner } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { lossOf } from './support/failure.ts';
import { ask, heldRunner } from './support/runner.ts';

const INSERT = 'INSERT INTO notes VALUES (1)';

describe('a COMMIT whose answer never comes', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    let dataSource: DataSource;
    let runner: QueryRunner;

    before(async () => {
      const bare = await database.dataSource().initialize();
      await bare.query('CREATE TABLE notes (id INT)');
    });

    beforeEach(async () => {
      dataSource = await database.dataSource({ port: proxy().port }).initialize();
      guard(dataSource);
      runner = await heldRunner(dataSource);
      await runner.startTransaction();
      await runner.query(INSERT);
    });

    /** Resets all connections once the next bytes were sent, which the server never gets. */
    const cutAtNextBytes = async (): Promise<void> => {
      const before = bytesSent();
      proxy().blackhole('existing');
      await new Promise<void>((resolve) => {
        const look = (): unknown => (bytesSent() > before ? resolve() : setImmediate(look));
        look();
      });
      proxy().reset('existing');
    };

    const commitCutOff = async (): Promise<Error> => {
      const [error] = await Promise.all([failureOf(runner.commitTransaction()), cutAtNextBytes()]);
      return error;
    };

    const bytesSent = (): number =>
      proxy()
        .connections()
        .reduce((sum, { bytesFromClient }) => sum + bytesFromClient, 0);

    it("fails with the driver's own error, and is not sent again", async () => {
      const error = await commitCutOff();
      expect(error.name).to.equal('QueryFailedError');
      expect(error)
        .to.have.property('code')
        .that.is.oneOf(['ECONNRESET', 'PROTOCOL_CONNECTION_LOST']);
      expect(await ask(dataSource, 'SELECT id FROM notes')).to.deep.equal([]);
      expect(runner.isTransactionActive).to.equal(true);
    });

    it('lets nothing run outside the transaction, and says that its fate is not known', async () => {
      await commitCutOff();
      const error = await lossOf(runner.query(INSERT), 'LIFEGUARD_TRANSACTION_UNKNOWN');
      expect(error.message).to.include('whether the transaction is stored is not known');
      expect(await ask(dataSource, 'SELECT id FROM notes')).to.deep.equal([]);
    });

    it('can be rolled back, and the runner works again', async () => {
      await commitCutOff();
      await runner.rollbackTransaction();
      await runner.startTransaction();
      await runner.query(INSERT);
      await runner.rollbackTransaction();
      expect(await ask(runner, 'SELECT id FROM notes')).to.deep.equal([]);
      await runner.release();
    });

    it('fails dataSource.transaction() with that error', async () => {
      let cutting: Promise<void> | undefined;
      const transaction = dataSource.transaction(async (manager) => {
        await manager.query(INSERT);
        cutting = cutAtNextBytes();
      });
      expect((await failureOf(transaction)).name).to.equal('QueryFailedError');
      await cutting;
      expect(await ask(dataSource, 'SELECT id FROM notes')).to.deep.equal([]);
    });
  });
});
