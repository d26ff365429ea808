import { startProxy, type DatabaseServer, type FaultProxy } from '@pool-lifeguard/testkit';
import {
  createPoolCluster,
  type PoolCluster,
  type PoolClusterOptions,
  type PoolOptions,
} from 'mysql2';
import { guard, type Guard, type LifeguardOptions } from '../../src/index.ts';
import { insideCluster, within } from './calls.ts';
import { drop } from './same.ts';

/** A cluster whose nodes lead through a proxy each, so that one of them can fail alone. */
export interface Nodes {
  readonly cluster: PoolCluster;
  readonly handle: Guard | undefined;
  readonly proxies: Readonly<Record<string, FaultProxy>>;
  /** The node that a connection belongs to. */
  nodeOf(connection: object): string;
}

export interface NodesSetting extends PoolOptions {
  readonly names?: readonly string[];
  readonly cluster?: PoolClusterOptions;
}

/** Runs something with a bare and then with a guarded cluster, each with proxies of its own. */
export async function withClusters<T>(
  server: DatabaseServer,
  setting: NodesSetting,
  lifeguard: LifeguardOptions,
  run: (nodes: Nodes) => Promise<T>,
): Promise<{ bare: T; guarded: T }> {
  const bare = await withCluster(server, setting, undefined, run);
  return { bare, guarded: await withCluster(server, setting, lifeguard, run) };
}

export async function withCluster<T>(
  server: DatabaseServer,
  { names = ['ONE', 'TWO'], cluster: clusterOptions = {}, ...options }: NodesSetting,
  lifeguard: LifeguardOptions | undefined,
  run: (nodes: Nodes) => Promise<T>,
): Promise<T> {
  const cluster = createPoolCluster(clusterOptions);
  const proxies: Record<string, FaultProxy> = {};
  for (const name of names) {
    const proxy = await startProxy(server);
    proxies[name] = proxy;
    cluster.add(name, { ...server.connectionOptions(), ...options, port: proxy.port });
  }
  const handle = lifeguard && guard(cluster, lifeguard);
  const nodeOf = (connection: object): string => {
    const { port } = within(connection).config;
    return names.find((name) => proxies[name]?.port === port) ?? 'another';
  };
  try {
    return await run({ cluster, handle, proxies, nodeOf });
  } finally {
    for (const { pool } of Object.values(insideCluster(cluster)._nodes)) drop(pool as never);
    for (const proxy of Object.values(proxies)) await proxy.stop();
  }
}
