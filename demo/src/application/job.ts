import type { QueryLog } from './query-log.ts';
import type { HeldConnection } from './tweet-store.ts';

/** A job that takes a connection of its own and keeps it between its statements. */
export class Job {
  readonly #connection: HeldConnection;
  readonly #queries: QueryLog;

  constructor(connection: HeldConnection, queries: QueryLog) {
    this.#connection = connection;
    this.#queries = queries;
  }

  /** Reads so many times, one after the other. */
  async read(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      await this.#queries.ask('job', 'read', () => this.#connection.count());
    }
  }

  /** The server's number for the connection it holds. */
  connectionId(): Promise<number> {
    return this.#connection.id();
  }

  async end(): Promise<void> {
    await this.#connection.release();
  }
}
