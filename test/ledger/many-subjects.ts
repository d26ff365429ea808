import { Readable } from 'node:stream';
import { guard as guardMariadb } from '@pool-lifeguard/mariadb';
import { guard as guardMysql2, type Guard } from '@pool-lifeguard/mysql2';
import { guard as guardTypeorm } from '@pool-lifeguard/typeorm';
import { createPool as createMariadbPool, type Pool, type PoolConnection } from 'mariadb';
import { createPool } from 'mysql2/promise';
import { DataSource } from 'typeorm';
import { LIMITS, openPrisma, type Login } from './subjects.ts';

/** What writes several rows by one call. */
export interface ManyWriter {
  readonly handle: Guard;
  /** What became of each row; of those that went together it is one promise. */
  write(table: string, rows: readonly number[]): Promise<unknown>[];
  close(): Promise<unknown>;
}

type Whole = (table: string, rows: readonly number[]) => Promise<unknown>;
type Open = (login: Login) => ManyWriter | Promise<ManyWriter>;

/** All rows share one fate. */
const asOne =
  (write: Whole): ManyWriter['write'] =>
  (table, rows) => {
    const written = write(table, rows);
    return rows.map(() => written);
  };

const several = (table: string, rows: readonly number[]): string =>
  rows.map((n) => `INSERT INTO ${table} VALUES (${n})`).join('; ');

/** The procedure that the table's database has. */
const call = (table: string, rows: readonly number[]): string =>
  `CALL ${table}_write(${rows[0]}, ${rows.length})`;

const PADDING = Buffer.alloc(17 * 1024 * 1024, 'x').toString();
const large = (table: string, rows: readonly number[]): string =>
  `INSERT INTO ${table} /* ${PADDING} */ VALUES (${rows[0]})`;

const load = (table: string): string => `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table}`;
/** Each row in a packet of its own. */
const infile = (rows: readonly number[]) => (): Readable =>
  Readable.from(rows.map((n) => Buffer.from(`${n}\n`)));

const mysql2 =
  (write: (pool: ReturnType<typeof createPool>) => Whole): Open =>
  (login) => {
    const pool = createPool({ ...login, ...LIMITS, multipleStatements: true });
    const handle = guardMysql2(pool);
    return { handle, write: asOne(write(pool)), close: () => pool.end() };
  };

const mariadbPool = (login: Login, more: object = {}): { pool: Pool; handle: Guard } => {
  const pool = createMariadbPool({
    ...{ ...login, ...LIMITS, minimumIdle: 0, allowPublicKeyRetrieval: true },
    ...{ multipleStatements: true, ...more },
  });
  return { pool, handle: guardMariadb(pool) };
};

const mariadb =
  (write: (pool: Pool) => Whole, more: object = {}): Open =>
  (login) => {
    const { pool, handle } = mariadbPool(login, more);
    return { handle, write: asOne(write(pool)), close: () => pool.end() };
  };

/** All calls use one lease, until it is lost: whatever is under way on it is told one error. */
function pipelined(login: Login): ManyWriter {
  const { pool, handle } = mariadbPool(login);
  let lease: Promise<PoolConnection> | undefined;
  const insert = async (sql: string): Promise<unknown> => {
    const mine = (lease ??= pool.getConnection());
    try {
      return await (await mine).query(sql);
    } catch (error) {
      if (lease === mine) {
        lease = undefined;
        await mine.then((connection) => connection.release()).catch(() => {});
      }
      throw error;
    }
  };
  return {
    handle,
    write: (table, rows) => rows.map((n) => insert(`INSERT INTO ${table} VALUES (${n})`)),
    async close() {
      await (await lease)?.release();
      await pool.end();
    },
  };
}

async function typeorm({ user: username, ssl, compress, ...login }: Login): Promise<ManyWriter> {
  const extra = { compress, multipleStatements: true, ...LIMITS };
  const dataSource = new DataSource({
    ...{ type: 'mysql', ...login, username, extra },
    ...(ssl && { ssl }),
  });
  const handle = guardTypeorm(dataSource);
  await dataSource.initialize();
  const write: Whole = (table, rows) => dataSource.query(several(table, rows));
  return { handle, write: asOne(write), close: () => dataSource.destroy() };
}

async function prisma(login: Login): Promise<ManyWriter> {
  const { write, ...writer } = await openPrisma(login, { multipleStatements: true });
  return { ...writer, write: asOne((table, rows) => write(call(table, rows))) };
}

/** A kind of write. */
export interface Kind {
  readonly open: Open;
  /** How many rows a call writes. */
  readonly rows: number;
  /** So many calls are enough. */
  readonly calls: number;
  /** About how many bytes a call sends. */
  readonly bytes: number;
  /** Compressing what is large takes long, and mysql2 warns about it. */
  readonly transports: readonly string[];
  /** It is never run again, also where it has certainly not run. */
  readonly once?: boolean;
}

const kind = (open: Open, more: Partial<Kind> = {}): Kind => {
  return {
    open,
    rows: 5,
    calls: 30,
    bytes: 250,
    transports: ['plain', 'TLS', 'compressed'],
    ...more,
  };
};
const LARGE = { rows: 1, calls: 3, bytes: PADDING.length, transports: ['plain', 'TLS'] };

/** By name. */
export const KINDS: Readonly<Record<string, Kind>> = {
  'mysql2, several statements': kind(
    mysql2((pool) => (table, rows) => pool.query(several(table, rows))),
  ),
  'mysql2, CALL': kind(mysql2((pool) => (table, rows) => pool.execute(call(table, rows)))),
  'mysql2, LOAD DATA LOCAL': kind(
    mysql2((pool) => (table, rows) => {
      return pool.query({ sql: load(table), infileStreamFactory: infile(rows) });
    }),
  ),
  'mysql2, packets over 16 MB': kind(
    mysql2((pool) => (table, rows) => pool.query(large(table, rows))),
    LARGE,
  ),
  'mariadb, several statements': kind(
    mariadb((pool) => (table, rows) => pool.query(several(table, rows))),
  ),
  'mariadb, CALL': kind(mariadb((pool) => (table, rows) => pool.execute(call(table, rows)))),
  'mariadb, LOAD DATA LOCAL': kind(
    mariadb(
      (pool) => (table, rows) =>
        pool.query({ sql: load(table), infileStreamFactory: infile(rows) }),
      { permitLocalInfile: true, pipelining: false },
    ),
  ),
  'mariadb, batch': kind(
    mariadb((pool) => (table, rows) => {
      return pool.batch(
        `INSERT INTO ${table} VALUES (?)`,
        rows.map((n) => [n]),
      );
    }),
    { once: true },
  ),
  'mariadb, pipelined on one lease': kind(pipelined, { once: true }),
  'mariadb, packets over 16 MB': kind(
    mariadb((pool) => (table, rows) => pool.query(large(table, rows))),
    LARGE,
  ),
  'TypeORM, several statements': kind(typeorm),
  'Prisma, CALL': kind(prisma),
};
