import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import type { ConnectionOptions } from './database-server.ts';

/**
 * The testkit's own connection to a server. It is opened when it is needed, again after it was
 * lost, and asks the server not to close it while tests play with short timeouts.
 */
export class AdminConnection {
  readonly #options: ConnectionOptions;
  #connection: Promise<Connection> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Runs a statement and returns its rows; those without a result return none. */
  async query<T>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const connection = await this.#open();
    const [rows] = await connection.query(sql, [...params]);
    return Array.isArray(rows) ? (rows as T[]) : [];
  }

  /** Closes the connection; the next query opens another. */
  async close(): Promise<void> {
    const closing = this.#connection;
    this.#connection = undefined;
    const connection = await closing?.catch(() => undefined);
    connection?.destroy();
  }

  #open(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const forget = (): void => {
      if (this.#connection === dialing) this.#connection = undefined;
    };
    const dialing = dial(this.#options, forget);
    this.#connection = dialing;
    dialing.catch(forget);
    return dialing;
  }
}

async function dial(options: ConnectionOptions, onLost: () => void): Promise<Connection> {
  const connection = await createConnection({ ...options, connectTimeout: 10_000 });
  connection.on('error', onLost);
  connection.on('end', onLost);
  await connection.query('SET SESSION wait_timeout = 31536000, lock_wait_timeout = 30');
  return connection;
}
