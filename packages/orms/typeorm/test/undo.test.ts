import { guard, lifeguardSubscriber } from '@pool-lifeguard/typeorm';
import { eachServer, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { useDatabase, type MysqlOptions } from './support/database.ts';
import { connectionsOf, nodesOf, nothingLeaked, poolOf } from './support/pool.ts';
import { on } from './support/replicas.ts';
import { ask, connectionId, cut, heldRunner, streamed } from './support/runner.ts';
import { ALERT, ALL, NONE, survival } from './support/stale.ts';

/** What can be seen of an object that something was hung onto. */
interface Shape {
  readonly prototype: unknown;
  readonly keys: readonly PropertyKey[];
}

function shapeOf(target: object): Shape {
  const keys = Reflect.ownKeys(target).map(String).toSorted();
  return { prototype: Object.getPrototypeOf(target), keys };
}

/** All objects of a data source that a guard touches. */
function shapesOf(dataSource: DataSource): Readonly<Record<string, Shape>> {
  const [connection] = connectionsOf(dataSource);
  return {
    dataSource: shapeOf(dataSource),
    driver: shapeOf(dataSource.driver),
    pool: shapeOf(poolOf(dataSource)),
    connection: shapeOf(connection ?? {}),
    runner: shapeOf(dataSource.createQueryRunner()),
  };
}

describe('undo()', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);

    const open = (options: Partial<MysqlOptions> = {}): Promise<DataSource> =>
      database.dataSource({ port: proxy().port, ...options }).initialize();

    it('leaves every object as that of a data source which was never guarded', async () => {
      const [bare, dataSource] = [await open(), await open()];
      const lifeguard = guard(dataSource);
      expect(shapesOf(dataSource)).not.to.deep.equal(shapesOf(bare));
      for (const each of [bare, dataSource]) await each.query('SELECT 1');
      lifeguard.undo();
      expect(shapesOf(dataSource)).to.deep.equal(shapesOf(bare));
    });

    it('leaves every object so after initialize(), whatever was done meanwhile', async () => {
      const bare = await open();
      const dataSource = database.dataSource({ port: proxy().port });
      const lifeguard = guard(dataSource, ALERT);
      await dataSource.initialize();
      const runner = await heldRunner(dataSource);
      await cut(server(), runner);
      await Promise.all([runner.query('SELECT 1'), dataSource.query('SELECT 1')]);
      await streamed(runner, 'SELECT 1');
      await runner.release();
      for (const each of [bare, bare]) await each.query('SELECT 1');
      lifeguard.undo();
      expect(shapesOf(dataSource)).to.deep.equal(shapesOf(bare));
    });

    it('leaves every object so where the other ways had switched it on', async () => {
      const subscribers = [lifeguardSubscriber(ALERT)];
      const extra = { lifeguard: ALERT };
      const bare = await open();
      const dataSource = await open({ subscribers, extra });
      for (const each of [bare, dataSource]) await each.query('SELECT 1');
      guard(dataSource).undo();
      expect(shapesOf(dataSource)).to.deep.equal(shapesOf(bare));
    });

    it('before initialize(): nothing is guarded then', async () => {
      const dataSource = database.dataSource({ port: proxy().port });
      guard(dataSource, ALERT).undo();
      await dataSource.initialize();
      expect(await survival(dataSource, proxy())).to.deep.equal(NONE);
    });

    it('twice is the same as once, and takes nothing from a later guard', async () => {
      const dataSource = await open();
      const first = guard(dataSource, ALERT);
      first.undo();
      first.undo();
      const second = guard(dataSource, ALERT);
      expect(second).not.to.equal(first);
      first.undo();
      expect(await survival(dataSource, proxy())).to.deep.equal(ALL);
      expect(guard(dataSource)).to.equal(second);
    });

    it('and guard() again, three times: works each time', async () => {
      const dataSource = await open();
      for (const round of [1, 2, 3]) {
        const lifeguard = guard(dataSource, ALERT);
        expect(await survival(dataSource, proxy()), `round ${round}`).to.deep.equal(ALL);
        lifeguard.undo();
        expect(await survival(dataSource, proxy()), `round ${round}`).to.deep.equal(NONE);
      }
    });

    it('lets runners that hold a connection go on, and give it back', async () => {
      const dataSource = await open();
      const lifeguard = guard(dataSource);
      const runner = await heldRunner(dataSource);
      const id = await connectionId(runner);
      await runner.query('SET @kept = 7');
      lifeguard.undo();
      expect(await connectionId(runner)).to.equal(id);
      const rows = await ask<{ kept: string | number }>(runner, 'SELECT @kept AS kept');
      expect(Number(rows[0]?.kept)).to.equal(7);
      await runner.startTransaction();
      expect(await streamed(runner, "SELECT 'a' AS a")).to.deep.equal([{ a: 'a' }]);
      await runner.commitTransaction();
      await runner.release();
      await nothingLeaked(dataSource, database);
    });

    it('lets those who wait for a connection get one', async () => {
      const dataSource = await open({ poolSize: 1 });
      const lifeguard = guard(dataSource);
      const runner = await heldRunner(dataSource);
      const waiting = [connectionId(dataSource), connectionId(dataSource)];
      lifeguard.undo();
      await runner.release();
      expect(await Promise.all(waiting)).to.have.length(2);
      await nothingLeaked(dataSource, database);
    });

    it('lets a runner whose connection is just being replaced end well', async () => {
      const dataSource = await open();
      const lifeguard = guard(dataSource);
      const runner = await heldRunner(dataSource);
      await cut(server(), runner);
      const asked = connectionId(runner);
      lifeguard.undo();
      expect(await asked).to.be.a('number');
      await runner.release();
      await nothingLeaked(dataSource, database);
    });

    it('leaves a cluster and its nodes as they were', async () => {
      const { type, ...node } = database.options({ port: proxy().port });
      const options = {
        type,
        replication: { master: node, slaves: [node] },
      } as Partial<MysqlOptions>;
      const [bare, dataSource] = [await open(options), await open(options)];
      const lifeguard = guard(dataSource);
      for (const each of [bare, dataSource]) await on('slave', each);
      lifeguard.undo();
      const shapes = [bare, dataSource].map((each) => {
        const { poolCluster } = each.driver as unknown as { poolCluster: Record<string, object> };
        const { _namespaces: namespaces = {} } = poolCluster as Record<
          string,
          Record<string, object>
        >;
        const pools = Object.values(nodesOf(each)).map(({ pool }) => pool);
        const all = [each.driver, poolCluster, ...pools, ...Object.values(namespaces)];
        return { shapes: all.map(shapeOf), restores: poolCluster['_restoreNodeTimeout'] };
      });
      expect(shapes[1]).to.deep.equal(shapes[0]);
    });
  });
});
