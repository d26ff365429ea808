import { eachServer, failureOf, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { askOne, borrow, insideCluster } from './support/calls.ts';
import { withCluster, withClusters, type Nodes } from './support/clusters.ts';

const ORDERED = { cluster: { removeNodeErrorCount: 2, defaultSelector: 'ORDER' } };
const ALONE = { ...ORDERED, names: ['ONE'] };

describe('cluster nodes that fail', () => {
  eachServer((server) => {
    it('are removed for good bare; guarded, the only one is waited for', async () => {
      const { bare, guarded } = await withClusters(server(), ALONE, {}, async (nodes) => {
        const { cluster, handle, proxies } = nodes;
        await proxies['ONE']?.refuse();
        const borrowing = nodeOf(nodes);
        if (handle) await waitUntil(() => handle.stats().openFailures >= 4);
        else await borrowing;
        await proxies['ONE']?.pass();
        const later = await nodeOf(nodes);
        return { first: await borrowing, later, left: Object.keys(insideCluster(cluster)._nodes) };
      });
      expect(bare).to.deep.equal({ first: 'ECONNREFUSED', later: 'POOL_NOEXIST', left: [] });
      expect(guarded).to.deep.equal({ first: 'ONE', later: 'ONE', left: ['ONE'] });
    });

    it('leave their borrowers to another one at once', async () => {
      const lifeguard = { connectionTimeout: '1h', aliveBypassWindow: 0 };
      const { bare, guarded } = await withClusters(server(), ORDERED, lifeguard, async (nodes) => {
        expect(await nodeOf(nodes)).to.equal('ONE');
        await down(nodes, 'ONE');
        const all = [await nodeOf(nodes), await nodeOf(nodes)];
        // Bare, several at once meet the removal of the node, which may throw out of the driver.
        if (nodes.handle) all.push(...(await Promise.all([nodeOf(nodes), nodeOf(nodes)])));
        return all;
      });
      // Bare, the first may still be lent the dead connection to ONE.
      expect(bare[1]).to.equal('TWO');
      expect(guarded).to.deep.equal(['TWO', 'TWO', 'TWO', 'TWO']);
    });

    it('come back by themselves guarded, and never bare', async () => {
      const { bare, guarded } = await withClusters(server(), ORDERED, {}, async (nodes) => {
        await down(nodes, 'ONE');
        for (let round = 0; round < 5; round += 1) await nodeOf(nodes);
        await nodes.proxies['ONE']?.pass();
        const left = Object.keys(insideCluster(nodes.cluster)._nodes);
        if (nodes.handle) await waitUntil(async () => (await nodeOf(nodes)) === 'ONE');
        return { left, node: await nodeOf(nodes) };
      });
      expect(bare).to.deep.equal({ left: ['TWO'], node: 'TWO' });
      expect(guarded).to.deep.equal({ left: ['ONE', 'TWO'], node: 'ONE' });
    });

    it('tell of it by the events that the cluster has', async () => {
      const heard: string[] = [];
      await withCluster(server(), ORDERED, {}, async (nodes) => {
        for (const event of ['remove', 'offline', 'online']) {
          nodes.cluster.on(event, (id: string) => heard.push(`${event} ${id}`));
        }
        await down(nodes, 'ONE');
        for (let round = 0; round < 5; round += 1) await nodeOf(nodes);
        await nodes.proxies['ONE']?.pass();
        await waitUntil(async () => (await nodeOf(nodes)) === 'ONE');
      });
      expect(heard[0]).to.equal('offline ONE');
      expect(heard.at(-1)).to.equal('online ONE');
      expect(heard).not.to.include('remove ONE');
    });

    it('keep the time aside that the cluster names itself', async () => {
      const setting = { cluster: { ...ORDERED.cluster, restoreNodeTimeout: 50 } };
      const { bare, guarded } = await withClusters(server(), setting, {}, async (nodes) => {
        await down(nodes, 'ONE');
        for (let round = 0; round < 3; round += 1) await nodeOf(nodes);
        await nodes.proxies['ONE']?.pass();
        await waitUntil(async () => (await nodeOf(nodes)) === 'ONE');
        return insideCluster(nodes.cluster)._restoreNodeTimeout;
      });
      expect([bare, guarded]).to.deep.equal([50, 50]);
    });

    it('are not blamed for our deadlines', async () => {
      const lifeguard = { connectionTimeout: 400 };
      await withCluster(server(), ALONE, lifeguard, async (nodes) => {
        await nodes.proxies['ONE']?.refuse();
        for (let round = 0; round < 4; round += 1) {
          const error = await failureOf(borrow(nodes.cluster));
          expect(error.code).to.equal('LIFEGUARD_CONNECTION_TIMEOUT');
          expect(error.cause).to.include({ code: 'ECONNREFUSED' });
        }
        expect(insideCluster(nodes.cluster)._nodes['ONE']?.errorCount).to.equal(0);
        await nodes.proxies['ONE']?.pass();
        await waitUntil(async () => (await nodeOf(nodes)) === 'ONE');
      });
    });

    it('that swallow everything step aside after one deadline where there is another one', async () => {
      // Enough for a dial on a machine that has much else to do; only the silent node uses it up.
      const lifeguard = { connectionTimeout: '2s' };
      await withCluster(server(), ORDERED, lifeguard, async (nodes) => {
        nodes.proxies['ONE']?.blackhole('new');
        expect(await nodeOf(nodes)).to.equal('TWO');
        const dials = nodes.proxies['ONE']?.connections().length;
        expect(await nodeOf(nodes)).to.equal('TWO');
        expect(nodes.proxies['ONE']?.connections().length).to.equal(dials);
        expect(insideCluster(nodes.cluster)._nodes['ONE']?.errorCount).to.equal(0);
      });
    });

    it('all of them, leave one that is waited for', async () => {
      const { bare, guarded } = await withClusters(server(), ORDERED, {}, async (nodes) => {
        await down(nodes, 'ONE');
        await down(nodes, 'TWO');
        const borrowing = nodeOf(nodes);
        if (nodes.handle) await waitUntil(() => (nodes.handle?.stats().openFailures ?? 0) >= 6);
        else await borrowing;
        await nodes.proxies['TWO']?.pass();
        return { first: await borrowing, after: await nodeOf(nodes) };
      });
      expect(bare).to.deep.equal({ first: 'ECONNREFUSED', after: 'POOL_NOEXIST' });
      expect(guarded).to.deep.equal({ first: 'TWO', after: 'TWO' });
    });
  });
});

async function down({ proxies }: Nodes, name: string): Promise<void> {
  await proxies[name]?.refuse();
  proxies[name]?.reset();
}

/** Which node answers a borrow; the code of the error where none does. */
async function nodeOf(nodes: Nodes): Promise<string | undefined> {
  try {
    const connection = await borrow(nodes.cluster);
    await askOne(connection, 'SELECT 1');
    connection.release();
    return nodes.nodeOf(connection);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
