import { guard, LifeguardSubscriber, lifeguardSubscriber } from '@pool-lifeguard/typeorm';
import { eachServer, useProxy, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { useDatabase, type MysqlOptions } from './support/database.ts';
import { ALERT, ALL, NONE, survival, uses } from './support/stale.ts';

/** One way to switch the guard on: options of a data source, or what is done with it. */
interface Way {
  readonly options?: Partial<MysqlOptions>;
  initialize?(dataSource: DataSource): Promise<DataSource>;
}

const flag = { lifeguard: ALERT };
const file = new URL('fixtures/subscribers/lifeguard.ts', import.meta.url).pathname;
const files = file.replace('lifeguard.ts', '*.ts');

const ways: Readonly<Record<string, Way>> = {
  'guard() before initialize()': {
    initialize(dataSource) {
      guard(dataSource, ALERT);
      return dataSource.initialize();
    },
  },
  'guard() after initialize()': {
    async initialize(dataSource) {
      await dataSource.initialize();
      guard(dataSource, ALERT);
      return dataSource;
    },
  },
  'guard() while initialize() is under way': {
    async initialize(dataSource) {
      const initializing = dataSource.initialize();
      guard(dataSource, ALERT);
      return initializing;
    },
  },
  'guard() with options in extra.lifeguard': {
    options: { extra: flag },
    initialize(dataSource) {
      guard(dataSource);
      return dataSource.initialize();
    },
  },
  'subscribers: [LifeguardSubscriber]': {
    options: { subscribers: [LifeguardSubscriber], extra: flag },
  },
  'subscribers: [lifeguardSubscriber(options)]': {
    options: { subscribers: [lifeguardSubscriber(ALERT)] },
  },
  'subscribers: { LifeguardSubscriber }': {
    options: { subscribers: { LifeguardSubscriber }, extra: flag },
  },
  'subscribers: a glob of files': {
    options: { subscribers: [files], extra: flag },
  },
  'extra.lifeguard': {
    options: { extra: flag },
  },
};

describe('ways to switch the guard on', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);

    const open = ({ options, initialize }: Way): Promise<DataSource> => {
      const dataSource = database.dataSource({ port: proxy().port, ...options });
      return initialize ? initialize(dataSource) : dataSource.initialize();
    };

    it('none: everything fails', async () => {
      const dataSource = await open({});
      expect(await survival(dataSource, proxy())).to.deep.equal(NONE);
    });

    for (const [name, way] of Object.entries(ways)) {
      describe(name, () => {
        for (const [use, run] of Object.entries(uses)) {
          it(`protects the first ${use} after initialize()`, async () => {
            const dataSource = await open(way);
            proxy().forget('existing');
            await run(dataSource);
            expect(guard(dataSource).stats()).to.include({ mode: 'on', opened: 1 });
          });
        }

        it('protects everything from then on, held connections too', async () => {
          const dataSource = await open(way);
          expect(await survival(dataSource, proxy())).to.deep.equal(ALL);
        });

        it('can be undone', async () => {
          const dataSource = await open(way);
          guard(dataSource).undo();
          expect(await survival(dataSource, proxy())).to.deep.equal(NONE);
        });
      });
    }

    it('a subscriber that a container adds later: protects from the next query on', async () => {
      const dataSource = await open({});
      const Configured = lifeguardSubscriber(ALERT);
      dataSource.subscribers.push(new Configured());
      await dataSource.query('SELECT 1');
      expect(await survival(dataSource, proxy())).to.deep.equal(ALL);
    });

    it('all together: the guard is one, and validates once', async () => {
      const dataSource = database.dataSource({
        port: proxy().port,
        subscribers: [LifeguardSubscriber, lifeguardSubscriber(ALERT), files],
        extra: flag,
      });
      const first = guard(dataSource, ALERT);
      let isRead = false;
      first.on('limitRead', () => (isRead = true));
      await dataSource.initialize();
      // Whoever comes before gets the connection behind that reading, which is as good as a ping.
      await waitUntil(() => isRead && first.stats().idle === 1, {
        what: 'the reading of the limit',
      });
      expect(guard(dataSource)).to.equal(first);
      const { borrows, pings } = first.stats();
      await dataSource.query('SELECT 1');
      expect(first.stats()).to.include({ borrows: borrows + 1, pings: pings + 1 });
      expect(await survival(dataSource, proxy())).to.deep.equal(ALL);
      first.undo();
      expect(await survival(dataSource, proxy())).to.deep.equal(NONE);
    });
  });
});
