import { eachServer, failureOf, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { lossOf } from '../src/index.ts';
import { useDatabase } from './support/database.ts';
import { tweet } from './support/stale.ts';
import { WAYS } from './support/ways.ts';

describe('a COMMIT whose answer never comes', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);

    const bytesSent = (): number =>
      proxy()
        .connections()
        .reduce((sum, { bytesFromClient }) => sum + bytesFromClient, 0);

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

    for (const [name, way] of Object.entries(WAYS)) {
      it(`says that the fate of the transaction is not known: ${name}`, async () => {
        const { prisma } = way(database.adapter({ port: proxy().port, connectionLimit: 1 }));
        let cutting: Promise<void> | undefined;
        const transaction = database.adopt(prisma).$transaction(async (tx) => {
          await tx.tweet.create({ data: tweet('lost') });
          cutting = cutAtNextBytes();
        });
        const error = await failureOf(transaction);
        await cutting;
        expect(lossOf(error)).to.have.property('code', 'LIFEGUARD_TRANSACTION_UNKNOWN');
        expect(await database.stored()).to.deep.equal([]);
        await prisma.$transaction((tx) => tx.tweet.create({ data: tweet('stored') }));
        expect(await database.stored()).to.deep.equal(['stored']);
      });
    }
  });
});
