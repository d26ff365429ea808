import 'reflect-metadata';
import type {
  HeldConnection,
  OpenOptions,
  Settings,
  Subject,
} from '@pool-lifeguard/testkit/conformance';
import { BARE } from '@pool-lifeguard/testkit/conformance';
import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';

type Subscribers = Extract<NonNullable<DataSourceOptions['subscribers']>, readonly unknown[]>;

/** What a way adds to the options of a data source, or does to it before it is initialized. */
interface Way {
  readonly extra?: object;
  readonly subscribers?: Subscribers;
  readonly prepare?: (dataSource: DataSource) => void;
}

/** Each way loads what it needs and no more, in a process of its own: so it is shown alone. */
const WAYS: Readonly<Record<string, (settings?: Settings) => Promise<Way>>> = {
  async 'guard(dataSource)'(settings) {
    const { guard } = await import('../../src/index.ts');
    return { prepare: (dataSource) => void guard(dataSource, settings) };
  },
  async 'subscribers: [LifeguardSubscriber]'(settings) {
    const { LifeguardSubscriber, lifeguardSubscriber } = await import('../../src/index.ts');
    return { subscribers: [settings ? lifeguardSubscriber(settings) : LifeguardSubscriber] };
  },
  async 'extra: { lifeguard }'(settings) {
    await import('../../src/register.ts');
    return { extra: { lifeguard: settings ?? true } };
  },
};

/** A data source of TypeORM on mysql2. */
export const subject: Subject = {
  name: 'data source',
  module: import.meta.url,
  ways: Object.keys(WAYS),
  supports: { held: 'moves', streams: true },
  async open(options) {
    const dataSource = await initialize(options);
    return {
      guard: options.way === BARE ? undefined : await guardOf(dataSource),
      query: (sql, params) => dataSource.query(sql, params),
      hold: () => hold(dataSource),
      close: () => dataSource.destroy(),
    };
  },
};

async function initialize({ connection, connectionLimit, way, lifeguard }: OpenOptions) {
  const { user, compress, ...login } = connection;
  const { prepare, subscribers = [], extra } = (await WAYS[way]?.(lifeguard)) ?? {};
  const dataSource = new DataSource({
    type: 'mysql',
    username: user,
    ...login,
    poolSize: connectionLimit,
    subscribers,
    extra: { ...(compress && { compress }), ...extra },
  });
  prepare?.(dataSource);
  return dataSource.initialize();
}

/** The guard that a data source has by now; it must not get one by being asked for it. */
async function guardOf(dataSource: DataSource) {
  const { pool } = dataSource.driver as unknown as { pool: object };
  if (!Object.hasOwn(pool, 'getConnection')) throw new Error('the pool is not guarded');
  const { guard } = await import('../../src/index.ts');
  return guard(dataSource);
}

async function hold(dataSource: DataSource): Promise<HeldConnection> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  return {
    query: (sql, params) => runner.query(sql, params),
    stream: async (sql) => (await runner.stream(sql)).toArray(),
    begin: () => runner.startTransaction(),
    commit: () => runner.commitTransaction(),
    rollback: () => runner.rollbackTransaction(),
    release: () => runner.release(),
  };
}
