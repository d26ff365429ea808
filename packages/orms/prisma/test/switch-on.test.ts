import { eachServer, failureOf, useProxy } from '@pool-lifeguard/testkit';
import type { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { expect } from 'chai';
import { useDatabase } from './support/database.ts';
import { ALERT, UNCHECKED, USES } from './support/stale.ts';
import type { Client } from './support/versions.ts';
import { WAYS } from './support/ways.ts';

describe('a client of Prisma whose connections were all forgotten', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    let adapter: PrismaMariaDb;

    beforeEach(() => {
      adapter = database.adapter({ port: proxy().port, connectionLimit: 1, ...UNCHECKED });
    });

    for (const [title, use] of Object.entries(USES)) {
      it(`fails bare: ${title}`, async () => {
        const prisma = database.client(adapter);
        await prisma.tweet.count();
        proxy().forget('existing');
        await failureOf(use(prisma));
      });
    }

    for (const [name, way] of Object.entries(WAYS)) {
      describe(name, () => {
        let prisma: Client;

        beforeEach(async () => {
          const guarded = way(adapter, ALERT);
          prisma = database.adopt(guarded.prisma);
          await prisma.tweet.count();
          proxy().forget('existing');
        });

        for (const [title, use] of Object.entries(USES)) {
          it(`goes on: ${title}`, async () => {
            await use(prisma);
            expect(await prisma.tweet.count()).to.equal((await database.stored()).length);
          });
        }
      });
    }
  });
});
