import {
  addressesOf,
  hold,
  insert,
  letGo,
  noteUnserved,
  type Deliver,
  type PoolDriver,
  type Waiter,
} from '@pool-lifeguard/core';
import { items, type BarePool } from './bare-pool.ts';
import { Dialing } from './dialing.ts';
import { mariadbFailures, mysqlFailures } from './failures.ts';
import { busy, defect, discard, hungUp, peer, retire } from './health.ts';
import type { Connection, Pool } from './mysql2-shapes.ts';

/** What core needs to know of one mysql2 pool, and the few things that it does to it. */
export class Mysql2Driver implements PoolDriver<Connection> {
  readonly name: string;
  readonly #pool: Pool;
  readonly #bare: BarePool;
  readonly dialing: Dialing;
  readonly addressesOf = addressesOf;
  readonly defect = defect;
  readonly hungUp = hungUp;
  readonly busy = busy;
  readonly peer = peer;
  readonly discard = discard;
  readonly retire = retire;
  /** The guard is gone: what comes back goes the pool's own way. */
  undone = false;

  constructor(pool: Pool, bare: BarePool, born: (connection: Connection) => void) {
    this.#pool = pool;
    this.#bare = bare;
    this.dialing = new Dialing(pool, bare, born);
    const { host, port, socketPath, database } = pool.config.connectionConfig;
    this.name = `${socketPath ?? `${host ?? 'localhost'}:${port ?? 3306}`}/${database ?? ''}`;
  }

  failures(connection?: Connection): typeof mysqlFailures {
    const version = connection?._handshakePacket?.serverVersion ?? '';
    return /mariadb/i.test(version) ? mariadbFailures : mysqlFailures;
  }

  limit(): number {
    return this.#pool.config.connectionLimit || Infinity;
  }

  idleLimit(): number {
    const { maxIdle, connectionLimit } = this.#pool.config;
    // Only then does the pool itself close what is more.
    return maxIdle < connectionLimit ? maxIdle : Infinity;
  }

  total(): number {
    return this.#pool._allConnections.length;
  }

  idleCount(): number {
    return this.#pool._freeConnections.length;
  }

  idle(): Iterable<Connection> {
    return items(this.#pool._freeConnections);
  }

  lent(): Iterable<Connection> {
    const idle = new Set(this.idle());
    return items(this.#pool._allConnections).filter(
      (connection) => connection._handshakePacket && !idle.has(connection),
    );
  }

  takeIdle(): Connection | undefined {
    return this.#pool._freeConnections.pop();
  }

  removeIdle(connection: Connection): boolean {
    const index = items(this.#pool._freeConnections).indexOf(connection);
    if (index >= 0) this.#pool._freeConnections.removeOne(index);
    return index >= 0;
  }

  putIdle(connection: Connection): void {
    if (this.#isPoolsOwn) return void this.#bare.releaseConnection(connection);
    // A dialed connection that nobody waits for any more was never released by anybody.
    if (connection._released === false) connection._released = true;
    this.#pool._freeConnections.push(connection);
    this.#emit('release', connection);
  }

  restoreIdle(connection: Connection, place: number): void {
    if (this.#isPoolsOwn) this.#bare.releaseConnection(connection);
    else insert(this.#pool._freeConnections, connection, place);
  }

  /** The pool's own line is empty, but for a dial that the application has made asynchronous. */
  get #isPoolsOwn(): boolean {
    return this.undone || this.#pool._connectionQueue.length > 0;
  }

  acquired(connection: Connection): void {
    this.#emit('acquire', connection);
  }

  lend(connection: Connection): void {
    if (connection._released) connection._released = false;
  }

  refuses(waiting: number, deliver: Deliver<Connection>): boolean {
    const { waitForConnections, queueLimit } = this.#pool.config;
    if (!waitForConnections) {
      process.nextTick(deliver, refusal('No connections available.'));
      return true;
    }
    if (queueLimit && waiting >= queueLimit) {
      deliver(refusal('Queue limit reached.'));
      return true;
    }
    this.#emit('enqueue');
    return false;
  }

  rejoin(waiter: Waiter<Connection>): void {
    this.#bare.getConnection((error, connection) => waiter.settle(error, connection));
  }

  resetOf(connection: Connection): ((done: (error: Error | null) => void) => void) | undefined {
    return this.#pool.config.resetOnRelease ? (done) => connection.reset(done) : undefined;
  }

  rollbackOf(connection: Connection): (done: (error: Error | null) => void) => void {
    const { createQuery } = connection.constructor;
    return (done) => {
      const answered = (error: Error | null): void => done(error ?? null);
      connection.addCommand(
        createQuery(
          { sql: 'ROLLBACK', rowsAsArray: true, typeCast: true },
          [],
          answered,
          connection.config,
        ),
      );
    };
  }

  dial(done: Deliver<Connection>): (error: Error) => void {
    return this.dialing.dial(done);
  }

  /** What an application's listener throws is its own; it must not end what the gate is doing. */
  #emit(name: string, connection?: Connection): void {
    try {
      if (connection) this.#pool.emit(name, connection);
      else this.#pool.emit(name);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }

  bytesRead(connection: Connection): number {
    return connection.stream.bytesRead;
  }

  letGo(connection: Connection): boolean {
    return letGo(connection.stream);
  }

  hold(connection: Connection): void {
    hold(connection.stream);
  }

  ping(connection: Connection, done: (error: Error | null) => void): void {
    connection.ping((error) => done(error ?? null));
  }

  readWaitTimeout(connection: Connection, done: (error: Error | null, ms?: number) => void): void {
    // The application's own `typeCast` is not asked about what it has not asked for.
    const options = { sql: 'SELECT @@session.wait_timeout', rowsAsArray: true, typeCast: true };
    const answered = (error: Error | null, rows: unknown): void => {
      const seconds = error ? NaN : Number((rows as unknown[][])[0]?.[0]);
      if (Number.isFinite(seconds)) done(null, seconds * 1000);
      else done(error ?? new Error('The server did not tell its wait_timeout.'));
    };
    // Not by `query()`, where tracers would take it for a statement of the application's.
    const { createQuery } = connection.constructor;
    connection.addCommand(createQuery(options, [], answered, connection.config));
  }
}

const refusals = new WeakSet<object>();

/** The pool's own no to a borrow, by its own limits. */
function refusal(message: string): Error {
  const error = new Error(message);
  refusals.add(error);
  noteUnserved(error);
  return error;
}

/** Whether an error says nothing of the server, only that the pool is full. */
export function isRefusal(error: object): boolean {
  return refusals.has(error);
}
