import { guard, LifeguardSubscriber, lifeguardSubscriber } from '@pool-lifeguard/typeorm';
import { eachServer, failureOf, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { EventSubscriber, type DataSource, type EntitySubscriberInterface } from 'typeorm';
import { useDatabase, type MysqlOptions } from './support/database.ts';
import { ALERT, ALL, survival } from './support/stale.ts';

interface QueryEvent {
  readonly query: string;
  readonly success?: boolean;
  readonly executionTime?: number | undefined;
  readonly rawResults?: unknown;
  readonly error?: unknown;
}

/** A subscriber such as applications write, which only listens. */
@EventSubscriber()
class Listening implements EntitySubscriberInterface {
  readonly seen: string[] = [];

  beforeQuery({ query }: QueryEvent): void {
    this.seen.push(`before ${query}`);
  }

  afterQuery({ query, success, executionTime, rawResults, error }: QueryEvent): void {
    const what = success ? `${typeof executionTime} ${JSON.stringify(rawResults)}` : String(error);
    this.seen.push(`after ${query}: ${what}`);
  }

  beforeTransactionStart(): void {
    this.seen.push('transaction starts');
  }

  afterTransactionCommit(): void {
    this.seen.push('transaction is committed');
  }

  afterTransactionRollback(): void {
    this.seen.push('transaction is rolled back');
  }
}

/** One that an application derives from ours. */
@EventSubscriber()
class Derived extends LifeguardSubscriber {
  readonly seen: string[] = [];

  override beforeQuery(event: QueryEvent & { dataSource: DataSource }): void {
    super.beforeQuery(event);
    this.seen.push(event.query);
  }
}

/** One that a container makes with a data source, and which adds itself, as Nest's do. */
class Contained implements EntitySubscriberInterface {
  readonly seen: string[] = [];

  constructor(dataSource: DataSource) {
    dataSource.subscribers.push(this);
  }

  beforeQuery({ query }: QueryEvent): void {
    this.seen.push(query);
  }
}

describe("an application's own subscribers", () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);

    const open = (options: Partial<MysqlOptions>): Promise<DataSource> =>
      database.dataSource({ port: proxy().port, ...options }).initialize();

    const listeningOf = (dataSource: DataSource): Listening => {
      const found = dataSource.subscribers.find((each) => each instanceof Listening);
      if (!found) throw new Error('the subscriber is gone');
      return found;
    };

    const work = async (dataSource: DataSource): Promise<readonly string[]> => {
      await dataSource.query('SELECT 1 AS one');
      await dataSource.transaction((manager) => manager.query('SELECT 2 AS two'));
      await failureOf(dataSource.transaction((manager) => manager.query('SELECT nonsense')));
      return listeningOf(dataSource).seen;
    };

    it('hear the same as without the guard, whether or not connections are replaced', async () => {
      const bare = await work(await open({ subscribers: [Listening] }));
      expect(bare).to.have.length.greaterThan(10);
      const subscribers = [LifeguardSubscriber, Listening];
      const guarded = await open({ subscribers, extra: { lifeguard: ALERT } });
      proxy().forget('existing');
      expect(await work(guarded)).to.deep.equal(bare);
    });

    it('hear of one query when the connection of a held runner was replaced for it', async () => {
      const dataSource = await open({ subscribers: [lifeguardSubscriber(ALERT), Listening] });
      const runner = dataSource.createQueryRunner();
      await runner.query('SELECT 1');
      proxy().forget('existing');
      const { seen } = listeningOf(dataSource);
      const before = seen.length;
      await runner.query("SELECT 'b' AS b");
      await runner.release();
      expect(seen.slice(before)).to.deep.equal([
        "before SELECT 'b' AS b",
        `after SELECT 'b' AS b: number [{"b":"b"}]`,
      ]);
    });

    it('may be derived from ours', async () => {
      const dataSource = await open({ subscribers: [Derived], extra: { lifeguard: ALERT } });
      expect(await survival(dataSource, proxy())).to.deep.equal(ALL);
      const [derived] = dataSource.subscribers as Derived[];
      expect(derived?.seen).to.include('SELECT 1');
    });

    it('may be made by a container, beside ours', async () => {
      const dataSource = await open({
        subscribers: [LifeguardSubscriber],
        extra: { lifeguard: ALERT },
      });
      const { seen } = new Contained(dataSource);
      expect(await survival(dataSource, proxy())).to.deep.equal(ALL);
      expect(seen).to.include('SELECT 1');
    });

    it('stay when the guard is undone', async () => {
      const dataSource = await open({ subscribers: [LifeguardSubscriber, Listening] });
      guard(dataSource).undo();
      const { seen } = listeningOf(dataSource);
      await dataSource.query('SELECT 3');
      expect(seen).to.include('before SELECT 3');
    });
  });
});
