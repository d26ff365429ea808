import { eachServer, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { useDatabase } from './support/database.ts';
import { ALERT, UNCHECKED } from './support/stale.ts';
import { WAYS } from './support/ways.ts';

describe('a guarded client that disconnects and connects again', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);

    for (const [name, way] of Object.entries(WAYS)) {
      it(`has its new pool guarded: ${name}`, async () => {
        const config = { port: proxy().port, connectionLimit: 1, ...UNCHECKED };
        const { prisma, guard } = way(database.adapter(config), ALERT);
        database.adopt(prisma);
        for (let round = 1; round <= 3; round += 1) {
          if (round !== 2) await prisma.$connect();
          await prisma.tweet.count();
          proxy().forget('existing');
          await prisma.tweet.count();
          expect(guard.stats().total, `connections in round ${round}`).to.equal(1);
          await prisma.$disconnect();
        }
      });

      it(`leaves no connection behind: ${name}`, async () => {
        const { prisma } = way(database.adapter());
        await prisma.tweet.count();
        await prisma.$disconnect();
        await database.noSessions();
      });
    }

    it('counts the pools of all clients that share an adapter', async () => {
      const adapter = database.adapter({ connectionLimit: 1 });
      const one = WAYS['guard(adapter)']?.(adapter);
      const other = WAYS['guard(adapter)']?.(adapter);
      if (!one || !other) throw new Error('there is no such way');
      database.adopt(one.prisma);
      database.adopt(other.prisma);
      await Promise.all([one.prisma.tweet.count(), other.prisma.tweet.count()]);
      expect(other.guard).to.equal(one.guard);
      expect(one.guard.stats().total).to.equal(2);
      await one.prisma.$disconnect();
      await other.prisma.tweet.count();
    });
  });
});
