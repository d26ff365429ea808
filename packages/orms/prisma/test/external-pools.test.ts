import { eachServer, failureOf, useProxy } from '@pool-lifeguard/testkit';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { expect } from 'chai';
import { createPool, type Pool } from 'mariadb';
import { useDatabase } from './support/database.ts';
import { ALERT, UNCHECKED } from './support/stale.ts';
import { version } from './support/versions.ts';
import { WAYS } from './support/ways.ts';

const isClosed = (pool: Pool): boolean => (pool as unknown as { closed: boolean }).closed;

/** Adapters take pools since 7.10. */
if (version === '7') {
  describe('an adapter that was given a pool', () => {
    eachServer((server) => {
      const database = useDatabase(server);
      const proxy = useProxy(server);
      let pool: Pool;

      beforeEach(() => {
        const config = { port: proxy().port, connectionLimit: 1, ...UNCHECKED };
        pool = createPool(database.config(config));
      });

      afterEach(async () => {
        if (!isClosed(pool)) await pool.end();
      });

      for (const [name, way] of Object.entries(WAYS)) {
        it(`has that pool guarded, through every reconnect, and leaves it open: ${name}`, async () => {
          const { prisma, guard } = way(new PrismaMariaDb(pool), ALERT);
          for (let round = 1; round <= 2; round += 1) {
            await prisma.tweet.count();
            proxy().forget('existing');
            await prisma.tweet.count();
            await prisma.$disconnect();
            expect(isClosed(pool)).to.equal(false);
            expect(await pool.query('SELECT 1')).to.have.length(1);
          }
          expect(guard.stats().total).to.equal(1);
        });

        it(`ends the pool where the adapter is told to: ${name}`, async () => {
          const adapter = new PrismaMariaDb(pool, { disposeExternalPool: true });
          const { prisma } = way(adapter, ALERT);
          await prisma.tweet.count();
          await prisma.$disconnect();
          expect([isClosed(pool), pool.totalConnections()]).to.deep.equal([true, 0]);
          const error = await failureOf(prisma.tweet.count());
          expect(error.message).to.include('connect() can only be called once');
        });

        it(`gives the pool back bare at the undo: ${name}`, async () => {
          const before = Reflect.ownKeys(pool);
          const { prisma, guard } = way(new PrismaMariaDb(pool), ALERT);
          await prisma.tweet.count();
          guard.undo();
          expect(Reflect.ownKeys(pool)).to.deep.equal(before);
          await prisma.$disconnect();
        });
      }

      it('knows its server although all of its connections were gone when it came', async () => {
        await pool.query('SELECT 1');
        proxy().forget('existing');
        const adapter = new PrismaMariaDb(pool);
        WAYS['guard(adapter)']?.(adapter, ALERT);
        const { supportsRelationJoins } = (await adapter.connect()).getConnectionInfo();
        expect(supportsRelationJoins).to.equal(server().flavour === 'mysql');
      });
    });
  });
}
