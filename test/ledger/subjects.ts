import { guard as guardMariadb } from '@pool-lifeguard/mariadb';
import { guard as guardMysql2, type Guard } from '@pool-lifeguard/mysql2';
import { guard as guardPrisma } from '@pool-lifeguard/prisma';
import { waitUntil, type ConnectionOptions } from '@pool-lifeguard/testkit';
import { guard as guardTypeorm } from '@pool-lifeguard/typeorm';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { createPool as createMariadbPool, type PoolConfig } from 'mariadb';
import { createPool } from 'mysql2/promise';
import { DataSource } from 'typeorm';

/** Where and how a subject connects. */
export interface Login extends ConnectionOptions {
  readonly database: string;
  readonly ssl?: { readonly ca: string };
  readonly compress?: boolean;
}

/** A guarded pool that writes. */
export interface Writer {
  readonly handle: Guard;
  write(sql: string): Promise<unknown>;
  close(): Promise<unknown>;
}

// A dial may fall silent like everything else.
export const LIMITS = { connectionLimit: 6, connectTimeout: 500 };

type Method = 'query' | 'execute';

function mysql2(login: Login, method: Method): Writer {
  const pool = createPool({ ...login, ...LIMITS });
  const handle = guardMysql2(pool);
  const write = (sql: string): Promise<unknown> =>
    method === 'query' ? pool.query(sql) : pool.execute(sql);
  return { handle, write, close: () => pool.end() };
}

function mariadb(login: Login, method: Method): Writer {
  const pool = createMariadbPool({
    ...login,
    ...LIMITS,
    minimumIdle: 0,
    allowPublicKeyRetrieval: true,
  });
  const handle = guardMariadb(pool);
  return { handle, write: (sql) => pool[method](sql), close: () => pool.end() };
}

async function typeorm({ user: username, ssl, compress, ...login }: Login): Promise<Writer> {
  const extra = { compress, ...LIMITS };
  const dataSource = new DataSource({
    ...{ type: 'mysql', ...login, username, extra },
    ...(ssl && { ssl }),
  });
  const handle = guardTypeorm(dataSource);
  await dataSource.initialize();
  return { handle, write: (sql) => dataSource.query(sql), close: () => dataSource.destroy() };
}

/** A guarded adapter of Prisma, and what executes SQL with it as its client does. */
export async function openPrisma(login: Login, more: PoolConfig = {}): Promise<Writer> {
  const options = { ...login, ...LIMITS, minimumIdle: 1, allowPublicKeyRetrieval: true, ...more };
  const pool = createMariadbPool(options);
  // What the pool is opening when the guard comes still ends the process if its TLS handshake is cut.
  await waitUntil(() => pool.idleConnections() === 1, { what: "the pool's own connection" });
  const factory = guardPrisma(new PrismaMariaDb(pool, { disposeExternalPool: true }));
  const adapter = await factory.connect();
  return {
    handle: factory.lifeguard,
    write: (sql) => adapter.executeRaw({ sql, args: [], argTypes: [] }),
    close: () => adapter.dispose(),
  };
}

/** By name. */
export const SUBJECTS: Readonly<Record<string, (login: Login) => Writer | Promise<Writer>>> = {
  'mysql2, query': (login) => mysql2(login, 'query'),
  'mysql2, execute': (login) => mysql2(login, 'execute'),
  'mariadb, query': (login) => mariadb(login, 'query'),
  'mariadb, execute': (login) => mariadb(login, 'execute'),
  TypeORM: typeorm,
  Prisma: (login) => openPrisma(login),
};
