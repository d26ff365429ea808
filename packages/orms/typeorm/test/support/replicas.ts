import { startProxy, type DatabaseServer, type FaultProxy } from '@pool-lifeguard/testkit';
import type { DataSource } from 'typeorm';
import type { MysqlOptions, TestDatabase } from './database.ts';
import { nodesOf, type PooledConnection } from './pool.ts';
import { cutConnection } from './runner.ts';

/** The nodes of a cluster, as TypeORM names them. */
export const NODES = ['MASTER', 'SLAVE0', 'SLAVE1'] as const;

export type NodeName = (typeof NODES)[number];

/** One server behind three proxies, which TypeORM takes for a master and two replicas. */
export class Replicas {
  readonly #server: () => DatabaseServer;
  readonly #proxies = new Map<NodeName, FaultProxy>();

  constructor(server: () => DatabaseServer) {
    this.#server = server;
  }

  proxy(node: NodeName): FaultProxy {
    const proxy = this.#proxies.get(node);
    if (!proxy) throw new Error('the proxies are there only in hooks and tests');
    return proxy;
  }

  options(database: TestDatabase, more: Partial<MysqlOptions['replication']> = {}): MysqlOptions {
    const { type, poolSize, ...login } = database.options();
    const at = (node: NodeName) => ({ ...login, port: this.proxy(node).port });
    const slaves = [at('SLAVE0'), at('SLAVE1')];
    return {
      type,
      poolSize,
      replication: { master: at('MASTER'), slaves, ...more },
    } as MysqlOptions;
  }

  /** The node can no longer be reached, and the connections to it are gone. */
  async down(dataSource: DataSource, ...nodes: NodeName[]): Promise<void> {
    for (const node of nodes) {
      await this.proxy(node).refuse();
      for (const connection of connectionsTo(dataSource, node)) {
        await cutConnection(this.#server(), connection);
      }
    }
  }

  async start(): Promise<void> {
    for (const node of NODES) this.#proxies.set(node, await startProxy(this.#server()));
  }

  async pass(): Promise<void> {
    for (const proxy of this.#proxies.values()) await proxy.pass();
  }

  async stop(): Promise<void> {
    for (const proxy of this.#proxies.values()) await proxy.stop();
  }
}

/** Gives a suite a master and two replicas. */
export function useReplicas(server: () => DatabaseServer): Replicas {
  const replicas = new Replicas(server);
  before('start the proxies', () => replicas.start());
  beforeEach('let the proxies pass', () => replicas.pass());
  after('stop the proxies', () => replicas.stop());
  return replicas;
}

/** All connections of one node's pool. */
export function connectionsTo(dataSource: DataSource, node: NodeName): PooledConnection[] {
  const all = nodesOf(dataSource)[node]?.pool._allConnections;
  return all ? Array.from({ length: all.length }, (_, index) => all.get(index)) : [];
}

/** Runs a statement on the master or on one of the slaves, on a runner of its own. */
export async function on(
  mode: 'master' | 'slave',
  dataSource: DataSource,
  sql = 'SELECT 1',
): Promise<number> {
  const runner = dataSource.createQueryRunner(mode);
  try {
    await runner.query(sql);
    return (runner as unknown as { databaseConnection: PooledConnection }).databaseConnection
      .threadId;
  } finally {
    await runner.release();
  }
}
