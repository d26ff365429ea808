import { answerOf } from '@pool-lifeguard/testkit';
import {
  createPoolCluster,
  type FilteredPoolCluster,
  type Pool,
  type PoolClusterConfig,
  type PoolConfig,
} from 'mariadb';
import {
  createPoolCluster as createCallbackCluster,
  type FilteredPoolCluster as Callbacks,
} from 'mariadb/callback';
import type { Cluster } from '../../src/mariadb-shapes.ts';

/** A filtered cluster of whichever kind, used in the same way. */
export interface Filtered {
  query(sql: string): Promise<unknown>;
  execute(sql: string): Promise<unknown>;
  batch(sql: string, rows: number[][]): Promise<unknown>;
  /** The driver's own object. */
  readonly own: object;
}

/** A cluster of whichever kind, used in the same way. */
export interface AnyCluster {
  /** The driver's own object. */
  readonly own: object;
  add(name: string, node: PoolConfig): void;
  remove(pattern: string): void;
  of(pattern: string): Filtered;
  end(): Promise<void>;
}

/** The ways in which the driver makes clusters. */
export const KINDS: Readonly<Record<string, (config?: PoolClusterConfig) => AnyCluster>> = {
  promise(config) {
    const own = createPoolCluster(config);
    const wrap = (filtered: FilteredPoolCluster): Omit<Filtered, 'own'> => ({
      query: (sql) => filtered.query(sql),
      execute: (sql) => filtered.execute(sql),
      batch: (sql, rows) => filtered.batch(sql, rows),
    });
    return clusterOf(own, wrap, async () => own.end());
  },
  callback(config) {
    const own = createCallbackCluster(config);
    const wrap = (filtered: Callbacks): Omit<Filtered, 'own'> => ({
      query: (sql) => answerOf((done) => filtered.query(sql, done)),
      execute: (sql) => answerOf((done) => filtered.execute(sql, done)),
      batch: (sql, rows) => answerOf((done) => filtered.batch(sql, rows, done)),
    });
    return clusterOf(own, wrap, () => answerOf((done) => own.end(done)));
  },
};

/** What both kinds of clusters have alike. */
interface OwnCluster<F extends object> {
  add(name: string, node: PoolConfig): void;
  remove(pattern: string): void;
  of(pattern: string): F;
}

function clusterOf<F extends object>(
  own: OwnCluster<F>,
  wrap: (filtered: F) => Omit<Filtered, 'own'>,
  end: () => Promise<void>,
): AnyCluster {
  return {
    own,
    add: (name, node) => own.add(name, node),
    remove: (pattern) => own.remove(pattern),
    of(pattern) {
      const filtered = own.of(pattern);
      return { own: filtered, ...wrap(filtered) };
    },
    end,
  };
}

/** The pool of a node, which a cluster shows to tests only. */
export function nodeOf(cluster: object, name: string): Pool {
  const pool = (cluster as Cluster).__tests.getNodes()?.[name];
  if (!pool) throw new Error(`there is no node ${name}`);
  return pool as unknown as Pool;
}
