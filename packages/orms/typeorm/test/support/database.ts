import type { DatabaseServer, ProcessRow } from '@pool-lifeguard/testkit';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { connectionsOf } from './pool.ts';

/** What a data source of MySQL or MariaDB may be given. */
export type MysqlOptions = Extract<DataSourceOptions, { type: 'mysql' | 'mariadb' }>;

/** A database of one suite's own, and the data sources that its tests make on it. */
export class TestDatabase {
  readonly #server: () => DatabaseServer;
  readonly #made: DataSource[] = [];
  #name = '';

  constructor(server: () => DatabaseServer) {
    this.#server = server;
  }

  /** A data source that is closed before the next test; it is neither initialized nor guarded. */
  dataSource(options: Partial<MysqlOptions> = {}): DataSource {
    const dataSource = new DataSource(this.options(options));
    this.#made.push(dataSource);
    return dataSource;
  }

  /** Where the server is, as TypeORM takes it. */
  options(options: Partial<MysqlOptions> = {}): MysqlOptions {
    const { user: username, ...address } = this.#server().connectionOptions();
    const type = this.#server().flavour;
    return { type, ...address, username, database: this.#name, poolSize: 4, ...options };
  }

  /** The connections of this database that the server itself sees, but for those that just log in. */
  async sessions(): Promise<ProcessRow[]> {
    const rows = await this.#server().processList();
    return rows.filter((row) => row.db === this.#name);
  }

  async create(): Promise<void> {
    this.#name = await this.#server().createDatabase('typeorm');
  }

  async drop(): Promise<void> {
    await this.#server().dropDatabase(this.#name);
  }

  /** Closes what a test has left open, whether or not anybody still answers at the other end. */
  async close(): Promise<void> {
    const left = this.#made.splice(0);
    for (const dataSource of left) {
      for (const { stream } of connectionsOf(dataSource)) stream.destroy();
      // mysql2 may complain of sockets that are gone; that they are gone is all that matters here.
      if (dataSource.isInitialized) await dataSource.destroy().catch(() => {});
    }
    if (left.length > 0) await this.#server().killAll({ db: this.#name });
  }
}

/** Gives a suite a database of its own. What a test leaves open is closed before the next one. */
export function useDatabase(server: () => DatabaseServer): TestDatabase {
  const database = new TestDatabase(server);
  before('create a database', () => database.create());
  beforeEach('close data sources', () => database.close());
  after('drop the database', async () => {
    await database.close();
    await database.drop();
  });
  return database;
}
