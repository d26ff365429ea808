import type { DataSource } from 'typeorm';
import type { Pool as MariadbPool } from 'mariadb';
import type { Pool as Mysql2Pool } from 'mysql2';
import type { PrismaClient } from '../../generated/client.ts';
import type { Answered, Ask } from '../measuring/closed-loop.ts';
import type { Plan } from '../measuring/compare.ts';
import { dialMariadb, dialMysql2, type Dial } from './dial.ts';
import type { Opened, Opening } from './opened.ts';

/** What is asked for the smallest statement, as figures name it. */
export interface Subject {
  readonly name: string;
  /** Opens one connection as its driver does. */
  readonly dial: Dial;
  open(opening: Opening): Promise<Opened<Ask>>;
}

/** Has a pool, or what stands for one, answer the smallest statement. */
type AskPool<T> = (pool: T, answered: Answered) => void;

/** The smallest statement. */
export const SQL = 'SELECT 1';

export const askMysql2: AskPool<Mysql2Pool> = (pool, answered) => pool.query(SQL, answered);

const askMysql2Prepared: AskPool<Mysql2Pool> = (pool, answered) => pool.execute(SQL, answered);

export const askMariadb: AskPool<MariadbPool> = (pool, answered) => {
  pool.query(SQL).then(() => answered(null), answered);
};

const askMariadbPrepared: AskPool<MariadbPool> = (pool, answered) => {
  pool.execute(SQL).then(() => answered(null), answered);
};

const askTypeorm: AskPool<DataSource> = (source, answered) => {
  source.query(SQL).then(() => answered(null), answered);
};

const askPrisma: AskPool<PrismaClient> = (client, answered) => {
  client.$queryRawUnsafe(SQL).then(() => answered(null), answered);
};

// A subject is loaded when it is opened: a process that needs one is not to load all.

export const mysql2: Subject = {
  name: 'mysql2, pool.query',
  dial: dialMysql2,
  open: async (opening) => mapped(await openMysql2(opening), askMysql2),
};

const mysql2Prepared: Subject = {
  name: 'mysql2, pool.execute',
  dial: dialMysql2,
  open: async (opening) => mapped(await openMysql2(opening), askMysql2Prepared),
};

const typeorm: Subject = {
  name: 'TypeORM, dataSource.query',
  dial: dialMysql2,
  async open(opening) {
    const { openDataSource } = await import('./data-source.ts');
    return mapped(await openDataSource(opening), askTypeorm);
  },
};

export const mariadb: Subject = {
  name: 'mariadb, pool.query',
  dial: dialMariadb,
  open: async (opening) => mapped(await openMariadb(opening), askMariadb),
};

const mariadbPrepared: Subject = {
  name: 'mariadb, pool.execute',
  dial: dialMariadb,
  open: async (opening) => mapped(await openMariadb(opening), askMariadbPrepared),
};

const prisma: Subject = {
  name: 'Prisma, $queryRawUnsafe',
  dial: dialMariadb,
  open: async (opening) => mapped(await openPrisma(opening), askPrisma),
};

const prismaText: Subject = {
  name: 'Prisma, text protocol',
  dial: dialMariadb,
  open: async (opening) => mapped(await openPrisma(opening, { useTextProtocol: true }), askPrisma),
};

async function openMysql2(opening: Opening): Promise<Opened<Mysql2Pool>> {
  const { openMysql2Pool } = await import('./mysql2-pool.ts');
  return openMysql2Pool(opening);
}

async function openMariadb(opening: Opening): Promise<Opened<MariadbPool>> {
  const { openMariadbPool } = await import('./mariadb-pool.ts');
  return openMariadbPool(opening);
}

async function openPrisma(
  opening: Opening,
  options?: { readonly useTextProtocol: boolean },
): Promise<Opened<PrismaClient>> {
  const { openPrismaClient } = await import('./prisma-client.ts');
  return openPrismaClient(opening, options);
}

/** Every driver and ORM in its usual way. */
export const SUBJECTS: readonly Subject[] = [mysql2, typeorm, mariadb, prisma];

/** The same, with text and prepared statements where both can be had. */
export const STATEMENTS: readonly Subject[] = [
  mysql2,
  mysql2Prepared,
  typeorm,
  mariadb,
  mariadbPrepared,
  prisma,
  prismaText,
];

/** Those of them that are to be measured. */
export function subjectsOf({ wants }: Plan, all: readonly Subject[]): readonly Subject[] {
  return all.filter(({ name }) => wants(name));
}

/** What was opened, as somebody to be asked. */
export function mapped<T>({ subject, ...rest }: Opened<T>, ask: AskPool<T>): Opened<Ask> {
  return { subject: (answered) => ask(subject, answered), ...rest };
}
