import { eachServer, failureOf, useProxy } from '@pool-lifeguard/testkit';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { expect } from 'chai';
import type { PoolConfig } from 'mariadb';
import { lifeguard, type Guard } from '../src/index.ts';
import { useDatabase } from './support/database.ts';
import { ALERT, UNCHECKED, USES } from './support/stale.ts';
import { PrismaClient, type Client } from './support/versions.ts';

/** A driver adapter that is no instance of a class of adapters. */
class OwnMake {
  readonly provider = 'mysql';
  readonly adapterName = 'own-make';
  readonly #inner: PrismaMariaDb;

  constructor(config: PoolConfig) {
    this.#inner = new PrismaMariaDb(config);
  }

  async connect(): ReturnType<PrismaMariaDb['connect']> {
    const inner = await this.#inner.connect();
    const adapter = {
      provider: this.provider,
      adapterName: this.adapterName,
      queryRaw: inner.queryRaw.bind(inner),
      executeRaw: inner.executeRaw.bind(inner),
      executeScript: inner.executeScript.bind(inner),
      startTransaction: inner.startTransaction.bind(inner),
      getConnectionInfo: inner.getConnectionInfo.bind(inner),
      dispose: inner.dispose.bind(inner),
      underlyingDriver: inner.underlyingDriver.bind(inner),
    };
    return adapter as unknown as typeof inner;
  }
}

describe('a client that is connected already when the extension comes', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    let adapter: PrismaMariaDb;
    let prisma: Client;

    beforeEach(async () => {
      adapter = database.adapter({ port: proxy().port, connectionLimit: 1, ...UNCHECKED });
      prisma = database.client(adapter);
      await prisma.tweet.count();
    });

    const extended = (): Client & { $lifeguard: Guard } =>
      prisma.$extends(lifeguard(ALERT)) as unknown as Client & { $lifeguard: Guard };

    for (const [title, use] of Object.entries(USES)) {
      it(`is guarded from its first operation on: ${title}`, async () => {
        const guarded = extended();
        proxy().forget('existing');
        await use(guarded);
        proxy().forget('existing');
        await use(guarded);
        expect(guarded.$lifeguard.stats().borrows).to.be.at.least(2);
      });
    }

    it('is guarded when it had only begun to connect', async () => {
      await prisma.$disconnect();
      const connecting = prisma.$connect();
      const guarded = extended();
      await connecting;
      proxy().forget('existing');
      await guarded.tweet.count();
    });

    it('is guarded for operations that begin at once', async () => {
      const guarded = extended();
      proxy().forget('existing');
      await Promise.all(Object.values(USES).map((use) => use(guarded)));
    });

    it('is guarded for its other extended clients too, which share its pool', async () => {
      const other = prisma.$extends({ name: 'other' });
      extended();
      proxy().forget('existing');
      await other.tweet.count();
      proxy().forget('existing');
      await prisma.tweet.count();
    });

    it('leaves a client of another adapter as it is', async () => {
      const other = database.client(
        database.adapter({ port: proxy().port, connectionLimit: 1, ...UNCHECKED }),
      );
      await other.tweet.count();
      const guarded = extended();
      proxy().forget('existing');
      const [failed] = await Promise.all([failureOf(other.tweet.count()), guarded.tweet.count()]);
      expect(failed.name).to.match(/Prisma|DriverAdapterError/);
      expect(guarded.$lifeguard.stats().total).to.equal(1);
    });

    it('leaves nothing in front of the engine once the pool is known', async () => {
      const { _engine: engine } = prisma as unknown as { _engine: object };
      const before = Object.getOwnPropertyNames(engine);
      const guarded = extended();
      expect(Object.getOwnPropertyNames(engine)).to.include('request');
      await guarded.tweet.count();
      expect(Object.getOwnPropertyNames(engine)).to.deep.equal(before);
    });

    it('does not connect before its first operation', async () => {
      await prisma.$disconnect();
      await database.noSessions();
      const guarded = extended();
      expect(guarded.$lifeguard.stats().total).to.equal(0);
      expect(await database.sessions()).to.deep.equal([]);
      await guarded.tweet.count();
      expect(guarded.$lifeguard.stats().total).to.equal(1);
    });

    it('is guarded though its adapter could not connect at first', async () => {
      class LateAdapter extends PrismaMariaDb {
        failures = 1;
        override connect(): ReturnType<PrismaMariaDb['connect']> {
          if (this.failures-- > 0) return Promise.reject(new Error('not yet'));
          return super.connect();
        }
      }
      const config = database.config({ port: proxy().port, connectionLimit: 1, ...UNCHECKED });
      const late = database.adopt(new PrismaClient({ adapter: new LateAdapter(config) }));
      const guarded = late.$extends(lifeguard(ALERT));
      await guarded.tweet.count();
      proxy().forget('existing');
      await guarded.tweet.count();
      expect(guarded.$lifeguard.stats().total).to.equal(1);
    });

    it('says what to do where its adapter is of unknown make', async () => {
      const config = database.config({ port: proxy().port, connectionLimit: 1, ...UNCHECKED });
      const foreign = database.adopt(new PrismaClient({ adapter: new OwnMake(config) }));
      await foreign.tweet.count();
      const guarded = foreign.$extends(lifeguard(ALERT));
      const error = await failureOf(guarded.tweet.count());
      expect(error.message).to.match(/Guard it before its first use, or guard the adapter/);
      guarded.$lifeguard.undo();
      await guarded.tweet.count();
    });

    it('works with an adapter that the application has derived', async () => {
      class OwnAdapter extends PrismaMariaDb {
        constructor(readonly label: string) {
          super(database.config({ port: proxy().port, connectionLimit: 1, ...UNCHECKED }));
          if (typeof label !== 'string') throw new TypeError('a label is needed');
        }
      }
      const own = database.adopt(new PrismaClient({ adapter: new OwnAdapter('own') }));
      await own.tweet.count();
      const guarded = own.$extends(lifeguard(ALERT));
      proxy().forget('existing');
      await guarded.tweet.count();
    });
  });
});
