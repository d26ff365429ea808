import {
  answerOf,
  eachServer,
  failureOf,
  startProxy,
  type FaultProxy,
  waitUntil,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPoolCluster, type PoolCluster, type PoolClusterConfig } from 'mariadb';
import { createPoolCluster as createCallbackCluster, type PoolConnection } from 'mariadb/callback';
import { guard } from '../src/index.ts';
import { nodeOf } from './support/clusters.ts';
import { filled, loginOf } from './support/same.ts';

const NODE = { connectionLimit: 2, minimumIdle: 0 };

/** A cluster of whichever kind, used in the same way. */
interface Nodes {
  readonly cluster: Pick<PoolCluster, 'add'>;
  /** Borrows from a node, and returns how to give back. */
  borrow(node: string): Promise<() => Promise<void>>;
  end(): Promise<void>;
}

const KINDS: Readonly<Record<string, (config: PoolClusterConfig) => Nodes>> = {
  promise(config) {
    const cluster = createPoolCluster(config);
    const borrow: Nodes['borrow'] = async (node) => {
      const connection = await cluster.getConnection(node);
      return () => connection.release();
    };
    return { cluster, borrow, end: () => cluster.end() };
  },
  callback(config) {
    const cluster = createCallbackCluster(config);
    const borrow: Nodes['borrow'] = async (node) => {
      const connection = await answerOf<PoolConnection>((done) =>
        cluster.getConnection(node, done),
      );
      return () => answerOf((done) => connection.release(done));
    };
    return { cluster, borrow, end: () => answerOf((done) => cluster.end(done)) };
  },
};

describe('a cluster', () => {
  eachServer((server) => {
    let cluster: PoolCluster;
    let proxy: FaultProxy;
    beforeEach(async () => {
      proxy = await startProxy(server().connectionOptions());
      cluster = createPoolCluster({ defaultSelector: 'ORDER' });
    });
    afterEach(async () => {
      await cluster.end().catch(() => {});
      await proxy.stop();
    });
    const node = () => ({ ...loginOf(server()), ...NODE });
    const behindProxy = () => ({ ...node(), host: proxy.host, port: proxy.port });

    it('is guarded in all its nodes, also those added later', async () => {
      cluster.add('one', node());
      const handle = guard(cluster, { poolName: 'all' });
      cluster.add('two', node());
      for (const name of ['one', 'two']) {
        const connection = await cluster.getConnection(name);
        await connection.query('DO 1');
        await connection.release();
        await connection.release();
      }
      await cluster.of('two').query('DO 1');
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({
        poolName: 'all',
        borrows: 3,
        opened: 2,
        idle: 2,
        lent: 0,
      });
    });

    it('goes to another node when one does not answer, as it does bare', async () => {
      cluster.add('away', { ...behindProxy(), acquireTimeout: 1_000 });
      cluster.add('here', node());
      guard(cluster);
      await proxy.refuse();
      expect(await cluster.of('.*').query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
    });

    for (const [kind, open] of Object.entries(KINDS)) {
      it(`of ${kind} pools loses a node whose borrows took too long, bare; not by a deadline of ours`, async () => {
        for (const way of ['bare', 'guarded']) {
          const nodes = open({ removeNodeErrorCount: 1, canRetry: false });
          nodes.cluster.add('node', {
            ...behindProxy(),
            acquireTimeout: 1_000,
            connectionLimit: 1,
            minimumIdle: 1,
          });
          if (way === 'guarded') guard(nodes.cluster, { connectionTimeout: 1_000 });
          await filled(nodeOf(nodes.cluster, 'node'), 1);
          const giveBack = await nodes.borrow('node');
          await failureOf(nodes.borrow('node'));
          await giveBack();
          const again = nodes.borrow('node').then((release) => release());
          if (way === 'bare') await failureOf(again);
          else await again;
          await nodes.end();
        }
      });
    }

    it('lends no connection of a node that forgot it', async () => {
      for (const way of ['bare', 'guarded']) {
        const nodes = createPoolCluster({ canRetry: false });
        nodes.add('node', { ...behindProxy(), minimumIdle: 1 });
        if (way === 'guarded') guard(nodes, { pingAfter: 0 });
        await nodes.of('node').query('DO 1');
        proxy.forget();
        const asked = nodes.of('node').query('SELECT 1 AS one');
        if (way === 'bare') await failureOf(asked);
        else expect(await asked).to.have.deep.members([{ one: 1 }]);
        await nodes.end();
      }
    });

    it('is bare again after undo(), and so is what is added then', async () => {
      cluster.add('one', node());
      const handle = guard(cluster);
      expect(guard(cluster)).to.equal(handle);
      handle.undo();
      cluster.add('two', { ...node(), minimumIdle: 1 });
      await cluster.of('two').query('DO 1');
      expect(handle.stats().borrows).to.equal(0);
      expect(Object.hasOwn(cluster, 'add')).to.equal(false);
    });

    it('may be a cluster of callback pools', async () => {
      const nodes = createCallbackCluster({ defaultSelector: 'ORDER' });
      const handle = guard(nodes);
      nodes.add('one', node());
      const rows = await answerOf((done) => nodes.of('one').query('SELECT 1 AS one', null, done));
      expect(rows).to.have.deep.members([{ one: 1 }]);
      expect(handle.stats()).to.include({ borrows: 1, opened: 1 });
      await answerOf((done) => nodes.end(done));
      expect(handle.stats()).to.include({ borrows: 0 });
    });
  });
});
