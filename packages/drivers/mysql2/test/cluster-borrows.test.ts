import { eachServer, failureOf, turns } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { PoolCluster, PoolConnection } from 'mysql2';
import { createPoolCluster } from 'mysql2/promise';
import { guard } from '../src/index.ts';
import { ask, askOne, borrow, execute, insideCluster, outcomeNow } from './support/calls.ts';
import { withCluster, withClusters, type Nodes } from './support/clusters.ts';

/** Every way to get a connection of a cluster. */
const FORMS: Readonly<Record<string, (cluster: PoolCluster) => Promise<PoolConnection>>> = {
  'getConnection(callback)': (cluster) => borrow(cluster),
  'getConnection(pattern, callback)': (cluster) =>
    from((done) => cluster.getConnection('TWO', done)),
  'getConnection(pattern, selector, callback)': (cluster) =>
    from((done) => cluster.getConnection('*', 'ORDER', done)),
  "of('TWO').getConnection(callback)": (cluster) => borrow(cluster.of('TWO')),
  "of('T*', 'RANDOM').getConnection(callback)": (cluster) => borrow(cluster.of('T*', 'RANDOM')),
};

describe('borrows of a cluster', () => {
  eachServer((server) => {
    for (const [form, get] of Object.entries(FORMS)) {
      it(`by ${form} choose the same nodes bare and guarded`, async () => {
        const { bare, guarded } = await withClusters(server(), {}, {}, async (nodes) => {
          const chosen = [];
          for (let round = 0; round < 4; round += 1) {
            const connection = await get(nodes.cluster);
            chosen.push(nodes.nodeOf(connection), await askOne(connection, 'SELECT 1'));
            connection.release();
          }
          return [chosen, nodes.handle?.stats().borrows];
        });
        expect(bare[0]).to.include(1);
        expect(guarded).to.deep.equal([bare[0], 4]);
      });
    }

    it('by query and execute of a namespace are guarded', async () => {
      const { bare, guarded } = await withClusters(server(), {}, {}, async (nodes) => {
        const namespace = nodes.cluster.of('*', 'RR');
        const answers = [
          await ask(namespace, 'SELECT 1 AS n'),
          await execute(namespace, 'SELECT 2'),
        ];
        const error = await failureOf(ask(namespace, 'nonsense'));
        return [answers, error.code, nodes.handle?.stats().borrows];
      });
      expect(bare.slice(0, 2)).to.deep.equal([[[{ n: 1 }], [{ 2: 2 }]], 'ER_PARSE_ERROR']);
      expect(guarded).to.deep.equal([...bare.slice(0, 2), 3]);
    });

    it('of namespaces and nodes that were there before the guard, and of those added later', async () => {
      await withCluster(server(), {}, undefined, async (nodes) => {
        const early = nodes.cluster.of('ONE');
        const handle = guard(nodes.cluster);
        nodes.cluster.add('LATER', server().connectionOptions());
        for (const namespace of [early, nodes.cluster.of('TWO'), nodes.cluster.of('LATER')]) {
          expect(await askOne(namespace, 'SELECT 1')).to.equal(1);
        }
        expect(handle.stats()).to.include({ borrows: 3, opened: 3, total: 3 });
        nodes.cluster.remove('LATER');
        expect(handle.stats()).to.include({ total: 2 });
      });
    });

    it('that match no node are told so', async () => {
      const { bare, guarded } = await withClusters(server(), {}, {}, async ({ cluster }) => {
        const none = await failureOf(borrow(cluster.of('THREE')));
        cluster.remove('ONE');
        const gone = await failureOf(borrow(cluster.of('ONE')));
        return [none, gone].map(({ code, message }) => [code, message]);
      });
      expect(bare[0]).to.deep.equal(['POOL_NOEXIST', 'Pool does Not exist.']);
      expect(guarded).to.deep.equal(bare);
    });

    it("that the node's own limits refuse say nothing of its health", async () => {
      const setting = { names: ['ONE'], connectionLimit: 1, queueLimit: 1 };
      const { bare, guarded } = await withClusters(server(), setting, {}, async ({ cluster }) => {
        const held = await borrow(cluster);
        const waiting = askOne(cluster.of('*'), 'SELECT 2').catch(messageOf);
        const refused = await failureOf(borrow(cluster));
        held.release();
        const after = await askOne(cluster.of('*'), 'SELECT 1').catch(messageOf);
        await turns();
        return { refused: refused.message, waited: await outcomeNow(waiting), after };
      });
      // Bare, one refusal is tried five times over and then counts as the end of the node.
      const [refused, none] = ['Queue limit reached.', 'Pool does Not exist.'];
      expect(bare).to.deep.include({ refused, after: none });
      expect(bare.waited).to.be.oneOf(['Pool is closed.', 'pending']);
      expect(guarded).to.deep.equal({ refused, waited: 2, after: 1 });
    });

    it('through a promise cluster are guarded', async () => {
      const cluster = createPoolCluster();
      for (const name of ['ONE', 'TWO']) cluster.add(name, server().connectionOptions());
      try {
        const handle = guard(cluster);
        const connection = await cluster.getConnection('TWO');
        const [rows] = await connection.query('SELECT 1 AS one');
        connection.release();
        const [more] = await cluster.of('ONE').query('SELECT 2 AS two');
        expect([rows, more]).to.deep.equal([[{ one: 1 }], [{ two: 2 }]]);
        expect(handle.stats()).to.include({ borrows: 2, opened: 2, mode: 'on' });
        expect(handle.stats().poolName.split(', ').length).to.equal(2);
      } finally {
        await cluster.end();
      }
    });

    it('end with the cluster, and are bare again after undo', async () => {
      const { bare, guarded } = await withClusters(server(), {}, {}, async (nodes) => {
        const { cluster, handle } = nodes;
        const namespace = cluster.of('*');
        (await borrow(namespace)).release();
        handle?.undo();
        const shapes = shapesOf(nodes);
        const answer = await askOne(namespace, 'SELECT 1');
        await new Promise((resolve) => cluster.end(resolve));
        return { shapes, answer };
      });
      expect(bare.answer).to.equal(1);
      expect(guarded).to.deep.equal(bare);
    });
  });
});

const messageOf = (error: Error): string => error.message;

function from(
  get: (done: (error: NodeJS.ErrnoException | null, connection: PoolConnection) => void) => void,
): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    get((error, connection) => (error ? reject(error) : resolve(connection)));
  });
}

/** The own properties of a cluster and of everything in it that a guard touches. */
function shapesOf({ cluster }: Nodes): unknown {
  const inner = insideCluster(cluster);
  const parts = [inner, ...Object.values(inner._namespaces)];
  const pools = Object.values(inner._nodes).map(({ pool }) => pool);
  const connections = pools.flatMap(({ _allConnections: all }) => (all.length ? [all.get(0)] : []));
  const keys = [...parts, ...pools, ...connections].map((part) => Reflect.ownKeys(part));
  return { keys, restoreTimeout: inner._restoreNodeTimeout };
}
