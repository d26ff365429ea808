import { eachServer, failureOf, standStill, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { guard, type Guard, type LifeguardOptions } from '../src/index.ts';
import { lossFrom, type Loss } from './support/begin-lost.ts';
import { useDatabase, type TestDatabase } from './support/database.ts';
import { tweet, UNCHECKED } from './support/stale.ts';
import { PrismaClient, type Client } from './support/versions.ts';
import { WAYS } from './support/ways.ts';

/** Nothing is looked at or opened ahead, so that only the failed write tells. */
const UNDOUBTED: LifeguardOptions = {
  keepaliveTime: 0,
  aliveBypassWindow: '1h',
  pingAfter: '1h',
  pingIdleAfter: '1h',
};

const create = (prisma: Pick<Client, 'tweet'>) => prisma.tweet.create({ data: tweet('once') });

const interactive = (prisma: Client) => prisma.$transaction((tx) => create(tx));

/** The transactions that Prisma has; each stores one tweet. */
const TRANSACTIONS: Readonly<Record<string, (prisma: Client) => Promise<unknown>>> = {
  'an interactive transaction': interactive,
  'a batch': (prisma) => prisma.$transaction([create(prisma), prisma.tweet.count()]),
  'one with an isolation level': (prisma) =>
    prisma.$transaction((tx) => create(tx), { isolationLevel: 'Serializable' }),
};

/** What users tell an error by. */
const said = (error: Error): object => ({
  class: error.constructor,
  code: 'code' in error ? error.code : undefined,
  message: error.message,
});

/** A client that waits for the begin of a transaction for as long as the process may stand still. */
function patient(adapter: Loss['adapter']): Client {
  return new PrismaClient({ adapter, transactionOptions: { maxWait: 20_000 } });
}

/** How a transaction fails without Lifeguard. */
async function bareFailure(
  database: TestDatabase,
  loss: Loss,
  run: (prisma: Client) => Promise<unknown>,
): Promise<Error> {
  const prisma = database.adopt(patient(loss.adapter));
  await prisma.tweet.count();
  loss.awaits(1);
  const error = await failureOf(run(prisma));
  await prisma.$disconnect();
  return error;
}

describe('a transaction whose connection is reset in the moment before its first statement', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    let loss: Loss;

    beforeEach(() => {
      const at = { port: proxy().port, connectionLimit: 1, acquireTimeout: 1_000, ...UNCHECKED };
      loss = lossFrom(database.adapter(at), () => proxy().reset());
    });

    for (const [name, way] of Object.entries(WAYS)) {
      const open = async (
        options: LifeguardOptions = {},
      ): Promise<{ prisma: Client; handle: Guard }> => {
        const { prisma, guard: handle } = way(loss.adapter, { ...UNDOUBTED, ...options });
        await database.adopt(prisma).tweet.count();
        return { prisma, handle };
      };

      for (const [title, run] of Object.entries(TRANSACTIONS)) {
        it(`begins on a fresh connection: ${title}, ${name}`, async () => {
          await bareFailure(database, loss, run);
          expect(await database.stored()).to.deep.equal([]);
          const { prisma, handle } = await open();
          loss.awaits(1);
          await run(prisma);
          expect(await database.stored()).to.deep.equal(['once']);
          expect(handle.stats()).to.include({ retries: 1, opened: 2 });
        });

        it(`fails as bare with retry: false: ${title}, ${name}`, async () => {
          const bare = await bareFailure(database, loss, run);
          const { prisma, handle } = await open({ retry: false });
          loss.awaits(1);
          expect(said(await failureOf(run(prisma)))).to.deep.equal(said(bare));
          expect(handle.stats()).to.include({ retries: 0 });
          expect(await database.stored()).to.deep.equal([]);
        });

        it(`fails as bare where each connection is lost: ${title}, ${name}`, async () => {
          const bare = await bareFailure(database, loss, run);
          const { prisma, handle } = await open();
          loss.awaits(3);
          expect(said(await failureOf(run(prisma)))).to.deep.equal(said(bare));
          expect(handle.stats()).to.include({ retries: 2 });
          await run(prisma);
          expect(await database.stored()).to.deep.equal(['once']);
        });
      }

      const tooLate: Readonly<Record<string, (handle: Guard) => unknown>> = {
        'the guard was undone': (handle) => handle.undo(),
        'the pool has ended': () => loss.pool().end(),
        'no connection is to be had': () => proxy().refuse(),
      };
      for (const [why, happens] of Object.entries(tooLate)) {
        it(`fails as bare where ${why}: ${name}`, async () => {
          const bare = await bareFailure(database, loss, interactive);
          const { prisma, handle } = await open();
          loss.awaits(1, () => void happens(handle));
          const error = await failureOf(interactive(prisma));
          expect(said(error)).to.deep.equal(said(bare));
          expect(await database.stored()).to.deep.equal([]);
        });
      }
    }
  });
});

describe('a transaction to which MySQL says goodbye for idling instead of beginning it', () => {
  eachServer(
    (server) => {
      const database = useDatabase(server);
      let loss: Loss;
      beforeEach(async () => {
        await server().setGlobal('wait_timeout', 1);
        const adapter = database.adapter({ connectionLimit: 1, ...UNCHECKED });
        // The grain of the server's clock is a second.
        loss = lossFrom(adapter, () => standStill(2_500));
      });
      afterEach(() => server().restoreGlobals());

      const open = async (): Promise<Client> => {
        const prisma = database.adopt(patient(guard(loss.adapter, UNDOUBTED)));
        await prisma.tweet.count();
        return prisma;
      };

      for (const [title, run] of Object.entries(TRANSACTIONS)) {
        it(`begins on a fresh connection: ${title}`, async () => {
          await bareFailure(database, loss, run);
          const prisma = await open();
          loss.awaits(1);
          await run(prisma);
          expect(await database.stored()).to.deep.equal(['once']);
        });
      }

      it('fails as bare where each connection is lost', async () => {
        const bare = await bareFailure(database, loss, interactive);
        const prisma = await open();
        loss.awaits(3);
        expect(said(await failureOf(interactive(prisma)))).to.deep.equal(said(bare));
        expect(await database.stored()).to.deep.equal([]);
      }).timeout(30_000);
    },
    { flavours: ['mysql'] },
  );
});
