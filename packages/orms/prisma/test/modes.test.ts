import { eachServer, failureOf, useProxy } from '@pool-lifeguard/testkit';
import type { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { expect } from 'chai';
import { guard, lifeguard } from '../src/index.ts';
import { useDatabase } from './support/database.ts';
import { ALERT, UNCHECKED } from './support/stale.ts';
import { WAYS } from './support/ways.ts';

describe('the modes of the guard', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    let adapter: PrismaMariaDb;

    beforeEach(() => {
      adapter = database.adapter({ port: proxy().port, connectionLimit: 1, ...UNCHECKED });
    });

    for (const [name, way] of Object.entries(WAYS)) {
      it(`off does nothing at all: ${name}`, async () => {
        const { prisma, guard: handle } = way(adapter, { enabled: false });
        const [before, after] = [Object.getOwnPropertyNames(database.adapter()), 'lifeguard'];
        expect(Object.getOwnPropertyNames(adapter)).to.deep.equal([...before, after]);
        await database.adopt(prisma).tweet.count();
        proxy().forget('existing');
        await failureOf(prisma.tweet.count());
        expect(handle.stats()).to.include({ mode: 'off', borrows: 0 });
      });

      it(`observe changes nothing: ${name}`, async () => {
        const { prisma, guard: handle } = way(adapter, { ...ALERT, enabled: 'observe' });
        await database.adopt(prisma).tweet.count();
        expect(handle.stats()).to.include({ mode: 'observe', total: 1 });
        proxy().forget('existing');
        await failureOf(prisma.tweet.count());
      });
    }

    it('a guard that is off gives way to one that is not', async () => {
      const off = guard(adapter, { enabled: false }).lifeguard;
      const prisma = database.client(adapter).$extends(lifeguard(ALERT));
      expect(prisma.$lifeguard).not.to.equal(off);
      await prisma.tweet.count();
      proxy().forget('existing');
      await prisma.tweet.count();
    });
  });
});
