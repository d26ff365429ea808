import { waitUntil, type DatabaseServer, type ProcessRow } from '@pool-lifeguard/testkit';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import type { PoolConfig } from 'mariadb';
import { PrismaClient, type Client } from './versions.ts';

/** A database of one suite's own with a table of tweets, and the clients that its tests make on it. */
export class TestDatabase {
  readonly #server: () => DatabaseServer;
  readonly #made: Client[] = [];
  name = '';

  constructor(server: () => DatabaseServer) {
    this.#server = server;
  }

  /** Where the server is, as the driver adapter takes it. */
  config(config: PoolConfig = {}): PoolConfig {
    const login = this.#server().connectionOptions();
    // MySQL's default authentication asks for it where there is no TLS.
    return {
      ...login,
      database: this.name,
      connectionLimit: 4,
      allowPublicKeyRetrieval: true,
      ...config,
    };
  }

  /** A driver adapter; it is neither connected nor guarded. */
  adapter(config: PoolConfig = {}): PrismaMariaDb {
    return new PrismaMariaDb(this.config(config));
  }

  /** A client that is disconnected before the next test. */
  client(adapter = this.adapter()): Client {
    return this.adopt(new PrismaClient({ adapter }));
  }

  /** Has a client disconnected before the next test. */
  adopt(client: Client): Client {
    this.#made.push(client);
    return client;
  }

  /** The connections of this database that the server itself sees. */
  async sessions(): Promise<ProcessRow[]> {
    return (await this.#server().processList()).filter((row) => row.db === this.name);
  }

  /** Waits until the server has no connection left in this database. */
  async noSessions(): Promise<void> {
    const isEmpty = async (): Promise<boolean> => (await this.sessions()).length === 0;
    await waitUntil(isEmpty, { what: 'that the server has no connection left' });
  }

  /** The server closes every connection, and the client has not been told when this resolves. */
  killAll(): Promise<number> {
    return this.#server().killAll({ db: this.name });
  }

  /** The texts of all tweets, as another connection sees them. */
  async stored(): Promise<string[]> {
    const rows = await this.#server().query<{ text: string }>(
      `SELECT text FROM ${this.name}.Tweet ORDER BY id`,
    );
    return rows.map(({ text }) => text);
  }

  async create(): Promise<void> {
    this.name = await this.#server().createDatabase('prisma');
    await this.#server().query(
      `CREATE TABLE ${this.name}.Tweet (id INT AUTO_INCREMENT PRIMARY KEY, ` +
        'author VARCHAR(40) NOT NULL, text VARCHAR(280) NOT NULL)',
    );
  }

  async reset(): Promise<void> {
    await this.close();
    await this.#server().query(`DELETE FROM ${this.name}.Tweet`);
  }

  /** Disconnects what a test has left, whether or not anybody still answers at the other end. */
  async close(): Promise<void> {
    const left = this.#made.splice(0);
    if (left.length === 0) return;
    await this.killAll();
    await Promise.allSettled(left.map((client) => client.$disconnect()));
  }

  async drop(): Promise<void> {
    await this.close();
    await this.#server().dropDatabase(this.name);
  }
}

/** Gives a suite a database of its own. What a test leaves open is closed before the next one. */
export function useDatabase(server: () => DatabaseServer): TestDatabase {
  const database = new TestDatabase(server);
  before('create a database', () => database.create());
  beforeEach('disconnect clients', () => database.reset());
  after('drop the database', () => database.drop());
  return database;
}
