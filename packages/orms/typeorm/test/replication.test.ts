import { guard, type LifeguardOptions } from '@pool-lifeguard/typeorm';
import { eachServer, failureOf, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { lossOf } from './support/failure.ts';
import { nodesOf } from './support/pool.ts';
import { connectionsTo, NODES, on, useReplicas, type NodeName } from './support/replicas.ts';
import { cut } from './support/runner.ts';
import { ALERT } from './support/stale.ts';

/** Long enough for a dial on a busy machine, and short enough to wait for. */
const BOUNDED = { connectionTimeout: 600 } as const;

describe('a data source with replication', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const replicas = useReplicas(server);

    const open = async (options?: LifeguardOptions, more = {}): Promise<DataSource> => {
      const dataSource = database.dataSource(replicas.options(database, more));
      if (options) guard(dataSource, options);
      await dataSource.initialize();
      return dataSource;
    };

    /** Both slaves take turns, so two reads meet both. */
    const useAll = (dataSource: DataSource): Promise<number[]> =>
      Promise.all([on('master', dataSource), on('slave', dataSource), on('slave', dataSource)]);

    it('fails on every node that lost its connections, without the guard', async () => {
      const dataSource = await open();
      await useAll(dataSource);
      for (const node of NODES) replicas.proxy(node).forget('existing');
      await failureOf(on('master', dataSource));
      await failureOf(on('slave', dataSource));
      await failureOf(on('slave', dataSource));
    });

    it('is guarded on every node', async () => {
      const dataSource = await open(ALERT);
      await useAll(dataSource);
      for (const node of NODES) replicas.proxy(node).forget('existing');
      await useAll(dataSource);
      for (const node of NODES) expect(connectionsTo(dataSource, node)).to.have.length(1);
    });

    it('is guarded on every node when all connections are killed', async () => {
      const dataSource = await open({});
      const before = await useAll(dataSource);
      for (const node of NODES) await replicas.down(dataSource, node);
      await replicas.pass();
      expect(await useAll(dataSource)).not.to.include.members(before);
    });

    it('is guarded on every node when the process stood still past wait_timeout', async () => {
      await server().setGlobal('wait_timeout', 1);
      const { type, ...node } = database.options();
      const replication = { master: node, slaves: [node, node] };
      const dataSource = database.dataSource({ type, replication });
      guard(dataSource);
      await dataSource.initialize();
      const before = await useAll(dataSource);
      // The server counts in whole seconds; nobody here hears it hang up.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_200);
      const after = await Promise.all([useAll(dataSource), useAll(dataSource)]);
      await server().restoreGlobals();
      for (const id of after.flat()) expect(before).not.to.include(id);
    });

    it('moves held runners of master and slave alike', async () => {
      const dataSource = await open({});
      for (const mode of ['master', 'slave'] as const) {
        const runner = dataSource.createQueryRunner(mode);
        await runner.query('SELECT 1');
        await cut(server(), runner);
        expect(await runner.query('SELECT 1')).to.have.length(1);
        await runner.release();
      }
      expect(guard(dataSource).stats()).to.include({ moved: 2, lent: 0 });
    });

    it('reads from the other slave at once while one is down, and from both later', async () => {
      const dataSource = await open(BOUNDED);
      await useAll(dataSource);
      await replicas.down(dataSource, 'SLAVE0');
      for (let read = 0; read < 20; read += 1) await on('slave', dataSource);
      // Not one of them has waited for the deadline.
      expect(guard(dataSource).stats()).to.include({ timeouts: 0 });
      await replicas.pass();
      const isBack = async (): Promise<boolean> => {
        await on('slave', dataSource);
        return connectionsTo(dataSource, 'SLAVE0').length > 0;
      };
      // A node that failed too often stays aside for a second.
      await waitUntil(isBack, {
        timeoutMs: 5_000,
        intervalMs: 50,
        what: 'the return of the slave',
      });
    });

    it('writes while both slaves are down, fails reads in time, and reads again later', async () => {
      const dataSource = await open(BOUNDED);
      await useAll(dataSource);
      await replicas.down(dataSource, 'SLAVE0', 'SLAVE1');
      await on('master', dataSource);
      const reads = [1, 2, 3].map(() => failureOf(on('slave', dataSource)));
      await Promise.all(reads);
      await replicas.pass();
      const isBack = (): Promise<boolean> => on('slave', dataSource).then(Boolean, () => false);
      // Nodes that failed too often stay aside for a second.
      await waitUntil(isBack, { timeoutMs: 5_000, what: 'a read' });
      await on('slave', dataSource);
    });

    describe('whose master fails more often than removeNodeErrorCount', () => {
      const errors = 3;

      const failOften = async (dataSource: DataSource): Promise<void> => {
        await on('master', dataSource);
        await replicas.down(dataSource, 'MASTER');
        const writes = Array.from({ length: errors * 3 }, () =>
          failureOf(on('master', dataSource)),
        );
        await Promise.all(writes);
      };

      it('is lost for ever without the guard', async () => {
        const dataSource = await open(undefined, { removeNodeErrorCount: errors });
        await replicas.down(dataSource, 'MASTER');
        // One by one: of several at once, mysql2 leaves an error to nobody, which ends the process.
        for (let write = 0; write < errors; write += 1) await failureOf(on('master', dataSource));
        await replicas.pass();
        expect(await failureOf(on('master', dataSource))).to.have.property('code', 'POOL_NOEXIST');
        expect(nodesOf(dataSource)).not.to.have.property('MASTER');
      });

      it('works again at the next write under the guard', async () => {
        const dataSource = await open(BOUNDED, { removeNodeErrorCount: errors });
        await failOften(dataSource);
        const error = await lossOf(on('master', dataSource), 'LIFEGUARD_CONNECTION_TIMEOUT');
        expect(error.cause).to.have.property('code', 'ECONNREFUSED');
        await replicas.pass();
        await on('master', dataSource);
        await on('slave', dataSource);
      });

      it('works again on a runner that was held all the time', async () => {
        const dataSource = await open(BOUNDED, { removeNodeErrorCount: errors });
        const runner = dataSource.createQueryRunner('master');
        await runner.query('SELECT 1');
        await failOften(dataSource);
        await failureOf(runner.query('SELECT 1'));
        await replicas.pass();
        expect(await runner.query('SELECT 1')).to.have.length(1);
        await runner.release();
      });
    });

    it('counts a silent node as down for no longer than the deadline', async () => {
      const dataSource = await open({ ...BOUNDED, ...ALERT, validationTimeout: '200ms' });
      await useAll(dataSource);
      const silent: NodeName = 'SLAVE0';
      replicas.proxy(silent).blackhole('existing');
      await Promise.all([on('slave', dataSource), on('slave', dataSource)]);
      await replicas.pass();
      await useAll(dataSource);
    });

    it('sums up its nodes in stats()', async () => {
      const dataSource = await open({});
      await useAll(dataSource);
      await waitUntil(() => guard(dataSource).stats().validating === 0);
      expect(guard(dataSource).stats()).to.include({ mode: 'on', total: 3, idle: 3, lent: 0 });
      guard(dataSource).evictAll();
      expect(guard(dataSource).stats()).to.include({ total: 0 });
    });
  });
});
