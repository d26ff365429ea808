import { eachServer, failureOf, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { guard, lifeguard } from '../src/index.ts';
import { useDatabase } from './support/database.ts';
import { ALERT, tweet, UNCHECKED } from './support/stale.ts';
import type { Client } from './support/versions.ts';
import { WAYS } from './support/ways.ts';

describe('undoing the guard', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    let adapter: PrismaMariaDb;

    beforeEach(() => {
      adapter = database.adapter({ port: proxy().port, connectionLimit: 1, ...UNCHECKED });
    });

    for (const [name, way] of Object.entries(WAYS)) {
      it(`leaves nothing behind, and the client goes on bare: ${name}`, async () => {
        const { prisma, guard: handle } = way(adapter, ALERT);
        database.adopt(prisma);
        await prisma.tweet.count();
        handle.undo();
        handle.undo();
        expect(Reflect.ownKeys(adapter)).to.deep.equal(Reflect.ownKeys(database.adapter()));
        await prisma.tweet.count();
        proxy().forget('existing');
        await failureOf(prisma.tweet.count());
        await prisma.$disconnect();
        await prisma.tweet.count();
        proxy().forget('existing');
        await failureOf(prisma.tweet.count());
      });

      it(`lets a transaction that runs come to its end: ${name}`, async () => {
        const { prisma, guard: handle } = way(adapter, ALERT);
        await database.adopt(prisma).$transaction(async (tx) => {
          await tx.tweet.create({ data: tweet('first') });
          handle.undo();
          await tx.tweet.create({ data: tweet('second') });
        });
        expect(await database.stored()).to.deep.equal(['first', 'second']);
      });
    }

    it('leaves a transaction bare that was about to begin', async () => {
      const guarded = guard(adapter, ALERT);
      const prisma = database.client(guarded);
      await prisma.$connect();
      // So that a connection is opened for the transaction.
      guarded.lifeguard.evictAll();
      guarded.lifeguard.on('opened', () => guarded.lifeguard.undo());
      await prisma.$transaction((tx) => tx.tweet.create({ data: tweet('stored') }));
      expect(await database.stored()).to.deep.equal(['stored']);
      proxy().forget('existing');
      await failureOf(prisma.tweet.count());
    });

    it('takes the watch off an engine that has not shown its adapter yet', async () => {
      const prisma: Client = database.client(adapter);
      const { _engine: engine } = prisma as unknown as { _engine: object };
      await prisma.tweet.count();
      const before = Object.getOwnPropertyNames(engine);
      prisma.$extends(lifeguard()).$lifeguard.undo();
      expect(Object.getOwnPropertyNames(engine)).to.deep.equal(before);
      await prisma.tweet.count();
    });

    it('can be followed by another guard, for the connected client too', async () => {
      const prisma = database.client(guard(adapter));
      await prisma.tweet.count();
      guard(adapter).lifeguard.undo();
      const again = prisma.$extends(lifeguard(ALERT));
      proxy().forget('existing');
      await again.tweet.count();
      expect(again.$lifeguard.stats().total).to.equal(1);
    });
  });
});
