import {
  answerOf,
  eachServer,
  failureOf,
  startProxy,
  turns,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { PoolConfig } from 'mariadb';
import type { FilteredPoolCluster as Callbacks } from 'mariadb/callback';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fateOf, guard, type Guard, type LifeguardOptions } from '../src/index.ts';
import { KINDS, nodeOf, type AnyCluster, type Filtered } from './support/clusters.ts';
import { filled, loginOf, UNDOUBTED } from './support/same.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const LOST = { executed: 'no' };

for (const [kind, create] of Object.entries(KINDS)) {
  describe(`a statement of a ${kind} cluster whose connection is reset in that moment`, () => {
    eachServer((server) => {
      let proxy: FaultProxy;
      let database: string;
      let cluster: AnyCluster;

      const node = (): PoolConfig => {
        const login = { ...loginOf(server()), port: proxy.port };
        return { ...login, connectionLimit: 1, minimumIdle: 1 };
      };
      const open = async (lifeguard: LifeguardOptions | false = {}): Promise<Guard | undefined> => {
        const options = lifeguard && { ...UNDOUBTED, ...lifeguard };
        const handle = options ? guard(cluster.own, options) : undefined;
        cluster.add('node', node());
        const reads = options && options.enabled !== 'observe' ? handle : undefined;
        await filled(nodeOf(cluster.own, 'node'), 1, reads);
        await cluster.of('node').query('DO 1');
        return handle;
      };
      const insert = (n = 1): string => `INSERT INTO ${database}.again VALUES (${n})`;
      const lose = (on: Filtered, way: 'query' | 'execute' = 'query', n = 1): Promise<unknown> => {
        proxy.reset();
        return on[way](insert(n));
      };
      const stored = async (): Promise<number[]> => {
        const rows = await server().query<{ n: number }>(
          `SELECT n FROM ${database}.again ORDER BY n`,
        );
        return rows.map(({ n }) => n);
      };

      beforeEach(async () => {
        proxy = await startProxy(server());
        database = await server().createDatabase();
        await server().query(`CREATE TABLE ${database}.again (n INT) ENGINE = MyISAM`);
        cluster = create({ defaultSelector: 'ORDER' });
      });
      afterEach(async () => {
        await cluster.end().catch(() => {});
        await proxy.stop();
        await server().dropDatabase(database);
      });

      for (const way of ['query', 'execute'] as const) {
        it(`fails bare, by ${way}()`, async () => {
          await open(false);
          expect(await failureOf(lose(cluster.of('node'), way))).to.be.an('error');
          expect(await stored()).to.deep.equal([]);
        });

        it(`runs once on a fresh connection, by ${way}()`, async () => {
          const handle = await open();
          const filtered = cluster.of('node');
          for (const n of [1, 2]) await lose(filtered, way, n);
          expect(await stored()).to.deep.equal([1, 2]);
          expect(handle?.stats()).to.include({ retries: 2, opened: 3 });
        });
      }

      it('runs once on the node that the cluster chooses then', async () => {
        const handle = await open();
        cluster.add('other', {
          ...node(),
          port: server().connectionOptions().port,
          minimumIdle: 0,
        });
        handle?.on('retried', () => cluster.remove('node'));
        await lose(cluster.of('.*'));
        expect(await stored()).to.deep.equal([1]);
      });

      if (kind === 'callback') {
        it('is answered once when no node is left, of which the driver itself tells twice', async () => {
          const handle = await open();
          cluster.add('other', { ...node(), minimumIdle: 0 });
          handle?.on('retried', () => cluster.remove('node'));
          const filtered = cluster.of('node').own as Callbacks;
          const answers: unknown[] = [];
          proxy.reset();
          await answerOf((done) => {
            filtered.query(insert(), (error) => {
              answers.push(error);
              done(null);
            });
          });
          expect(answers.map(String)).to.deep.equal(["Error: No node found for pattern 'node'"]);
        });
      }

      it('fails with retry: false, and a filtered cluster is as it was', async () => {
        const handle = await open({ retry: false });
        const filtered = cluster.of('node');
        const error = await failureOf(lose(filtered));
        expect(fateOf(error)).to.include({ ...LOST, repeatable: false });
        expect(handle?.stats()).to.include({ retries: 0 });
        expect(Object.keys(filtered.own)).to.deep.equal([]);
        expect(Object.hasOwn(cluster.own, 'of')).to.equal(false);
      });

      it('fails when the guard only observes', async () => {
        await open({ enabled: 'observe' });
        await failureOf(lose(cluster.of('node')));
        expect(Object.hasOwn(cluster.own, 'of')).to.equal(false);
        expect(await stored()).to.deep.equal([]);
      });

      it('fails with its own error when the cluster has ended meanwhile', async () => {
        const handle = await open();
        let ended: Promise<void> | undefined;
        handle?.on('failure', () => {
          ended ??= cluster.end();
        });
        const error = await failureOf(lose(cluster.of('node')));
        expect(fateOf(error)).to.include({ ...LOST, repeatable: true });
        await ended;
        expect(await stored()).to.deep.equal([]);
      });

      it('fails when it is a batch, of which a part may have run', async () => {
        await open();
        const filtered = cluster.of('node');
        proxy.reset();
        const rows = Array.from({ length: 10 }, (_, n) => [n]);
        const sent = filtered.batch(`INSERT INTO ${database}.again VALUES (?)`, rows);
        expect(fateOf(await failureOf(sent))).to.include({ repeatable: false });
        expect(await stored()).to.deep.equal([]);
      });

      it('fails after undo(), which leaves nothing on the cluster or on what of() returned', async () => {
        const handle = await open();
        const filtered = cluster.of('node');
        await lose(filtered);
        handle?.undo();
        for (const part of [cluster.own, filtered.own, nodeOf(cluster.own, 'node')]) {
          for (const name of ['add', 'of', 'query', 'execute', 'getConnection']) {
            expect(Object.hasOwn(part, name), name).to.equal(false);
          }
        }
        await failureOf(lose(filtered, 'query', 2));
        expect(await stored()).to.deep.equal([1]);
      });

      it('fails from a filtered cluster that is older than the guard, which cannot know it', async () => {
        const early = cluster.of('node');
        const handle = await open();
        const error = await failureOf(lose(early));
        expect(fateOf(error)).to.include({ ...LOST, repeatable: true });
        expect(handle?.stats()).to.include({ retries: 0 });
      });

      it('keeps no filtered cluster that nobody else has: the driver makes a new one each time', async () => {
        await open();
        const made = Array.from({ length: 10 }, () => new WeakRef(cluster.of('node').own));
        await turns();
        collectGarbage();
        expect(made.filter((one) => one.deref())).to.deep.equal([]);
      });
    });
  });
}
