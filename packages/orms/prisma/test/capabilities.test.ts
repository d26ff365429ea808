import { eachServer, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { settleCapabilities } from '../src/capabilities.ts';
import { guard } from '../src/index.ts';
import { useDatabase } from './support/database.ts';
import type { PrismaMariaDb } from '@prisma/adapter-mariadb';

/** What an adapter believes of its server, and how it connects a second time. */
async function connectTwice(adapter: PrismaMariaDb, between: () => Promise<void>) {
  const joins: (boolean | undefined)[] = [];
  for (const round of [1, 2]) {
    const connected = await adapter.connect();
    joins.push(connected.getConnectionInfo().supportsRelationJoins);
    await connected.dispose();
    if (round === 1) await between();
  }
  return joins;
}

/** An adapter that could not find out what its server can do. */
function doubtful(version: string) {
  return {
    queryRaw: () => Promise.resolve({ rows: [[version]] }),
    executeRaw: () => Promise.resolve(0),
    startTransaction: () => Promise.reject(new Error('it has no transactions')),
    getConnectionInfo: () => ({ supportsRelationJoins: false }),
    dispose: () => Promise.resolve(),
  };
}

describe('what an adapter believes of its server', () => {
  it('is put right only where the server has lateral joins', async () => {
    const versions = ['8.0.12', '8.0.13', '8.4.0', '5.7.44', '11.8.2-MariaDB'];
    const joins = versions.map(async (version) => {
      const adapter = doubtful(version);
      expect(await settleCapabilities(adapter)).to.equal(true);
      return adapter.getConnectionInfo().supportsRelationJoins;
    });
    expect(await Promise.all(joins)).to.deep.equal([false, true, true, false, false]);
  });

  eachServer((server, flavour) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    const knowsJoins = flavour === 'mysql';

    const impatient = (): PrismaMariaDb =>
      database.adapter({ port: proxy().port, acquireTimeout: 200 });

    it('is the same guarded as bare', async () => {
      const between = (): Promise<void> => Promise.resolve();
      expect(await connectTwice(database.adapter(), between)).to.deep.equal([
        knowsJoins,
        knowsJoins,
      ]);
      const guarded = guard(database.adapter());
      expect(await connectTwice(guarded, between)).to.deep.equal([knowsJoins, knowsJoins]);
    });

    it('stays wrong for ever where it could not be asked at first, bare', async () => {
      await proxy().refuse();
      const joins = await connectTwice(impatient(), () => proxy().pass());
      expect(joins).to.deep.equal([false, false]);
    });

    it('is put right as soon as it can be asked, under the guard', async () => {
      await proxy().refuse();
      const guarded = guard(impatient(), { connectionTimeout: 200 });
      const joins = await connectTwice(guarded, () => proxy().pass());
      expect(joins).to.deep.equal([false, knowsJoins]);
    });
  });
});
