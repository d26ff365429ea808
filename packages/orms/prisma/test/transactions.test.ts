import { eachServer, failureOf, type DatabaseServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { lossOf } from '../src/index.ts';
import { useDatabase } from './support/database.ts';
import { tweet } from './support/stale.ts';
import { Prisma, version, type Client } from './support/versions.ts';
import { WAYS } from './support/ways.ts';

type Transaction = Parameters<Parameters<Client['$transaction']>[0]>[0];

/** Ends the connection of a transaction, and waits until the client knows it. */
async function cut(server: DatabaseServer, tx: Transaction): Promise<void> {
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`SELECT CONNECTION_ID() AS id`;
  const gone = tx.$queryRaw`SELECT SLEEP(60)`.then(
    () => undefined,
    (error: Error) => error,
  );
  await server.kill(Number(row?.id));
  expect(await gone).to.be.instanceOf(Error);
}

/** Whether this version of Prisma has transactions within transactions, which are savepoints. */
const nests = version === '7';

function nested(tx: Transaction, run: (inner: Transaction) => Promise<unknown>): Promise<unknown> {
  return (tx as Client).$transaction(run);
}

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined);

describe('an interactive transaction whose connection dies', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const lose = (client: Client, then: (tx: Transaction) => Promise<unknown>): Promise<Error> =>
      failureOf(
        client.$transaction(
          async (tx) => {
            await tx.tweet.create({ data: tweet('lost') });
            await cut(server(), tx);
            await then(tx);
          },
          { timeout: 20_000 },
        ),
      );

    const ends: Readonly<Record<string, (tx: Transaction) => Promise<unknown>>> = {
      'in a model operation': (tx) => tx.tweet.create({ data: tweet('never') }),
      'in a raw query': (tx) => tx.$queryRaw`SELECT 1`,
      'in a raw statement': (tx) => tx.$executeRaw`DELETE FROM Tweet`,
      ...(nests && { 'in a nested transaction': (tx) => nested(tx, (in_) => in_.tweet.count()) }),
      'at its commit': () => Promise.resolve(),
    };

    for (const [where, end] of Object.entries(ends)) {
      for (const [name, way] of Object.entries(WAYS)) {
        it(`gives Prisma's own error with ours attached: ${where}, ${name}`, async () => {
          const bare = await lose(database.client(), end);
          const { prisma, guard } = way(database.adapter());
          const error = await lose(database.adopt(prisma), end);
          expect(error.constructor).to.equal(bare.constructor);
          expect(codeOf(error)).to.equal(codeOf(bare));
          expect(error.message).to.equal(bare.message);
          expect(lossOf(bare)).to.equal(undefined);
          expect(lossOf(error)).to.include({
            name: 'LifeguardError',
            code: 'LIFEGUARD_TRANSACTION_LOST',
          });
          expect(guard.stats().lost).to.be.at.least(1);
          expect(await database.stored()).to.deep.equal([]);
        });
      }
    }

    for (const [name, way] of Object.entries(WAYS)) {
      it(`lets the next transaction work: ${name}`, async () => {
        const { prisma } = way(database.adapter({ connectionLimit: 1 }));
        database.adopt(prisma);
        await lose(prisma, (tx) => tx.tweet.count());
        await prisma.$transaction((tx) => tx.tweet.create({ data: tweet('stored') }));
        expect(await database.stored()).to.deep.equal(['stored']);
      });

      it(`lets a transaction roll back for the application's own reasons: ${name}`, async () => {
        const { prisma } = way(database.adapter({ connectionLimit: 1 }));
        database.adopt(prisma);
        const error = await lose(prisma, () => Promise.reject(new Error('changed my mind')));
        expect(error.message).to.equal('changed my mind');
        expect(await prisma.tweet.count()).to.equal(0);
      });

      if (nests) {
        it(`lets nested transactions be stored or rolled back: ${name}`, async () => {
          const { prisma } = way(database.adapter({ connectionLimit: 1 }));
          await database.adopt(prisma).$transaction(async (tx) => {
            await nested(tx, (in_) => in_.tweet.create({ data: tweet('inner') }));
            const reverted = nested(tx, async (in_) => {
              await in_.tweet.create({ data: tweet('reverted') });
              throw new Error('changed my mind');
            });
            expect(await failureOf(reverted)).to.have.property('message', 'changed my mind');
            await tx.tweet.create({ data: tweet('outer') });
          });
          expect(await database.stored()).to.deep.equal(['inner', 'outer']);
        });
      }

      it(`leaves every other error as it is: ${name}`, async () => {
        const { prisma } = way(database.adapter());
        database.adopt(prisma);
        const wrong = (client: Client): Promise<Error> =>
          failureOf(client.$transaction((tx) => tx.$queryRawUnsafe('SELECT nothing')));
        const [bare, guarded] = [await wrong(database.client()), await wrong(prisma)];
        expect(guarded.message).to.equal(bare.message);
        expect(lossOf(guarded)).to.equal(undefined);
      });

      it(`keeps the limit of time that Prisma sets: ${name}`, async () => {
        const { prisma } = way(database.adapter());
        database.adopt(prisma);
        const slow = prisma.$transaction(
          async (tx) => {
            await tx.tweet.create({ data: tweet('late') });
            await tx.$queryRaw`SELECT SLEEP(0.5)`;
            await tx.tweet.count();
          },
          { timeout: 100 },
        );
        const error = await failureOf(slow);
        expect(error).to.be.instanceOf(Prisma.PrismaClientKnownRequestError);
        expect(error).to.have.property('code', 'P2028');
        expect(await database.stored()).to.deep.equal([]);
      });
    }

    if (version === '7') {
      it('has the error where Prisma shows the one of its driver', async () => {
        const { prisma } = WAYS['guard(adapter)']?.(database.adapter()) ?? {};
        if (!prisma) throw new Error('there is no such way');
        const error = await lose(database.adopt(prisma), (tx) => tx.tweet.count());
        expect(error).to.have.nested.property(
          'meta.driverAdapterError.lifeguard.code',
          'LIFEGUARD_TRANSACTION_LOST',
        );
      });
    }
  });
});
