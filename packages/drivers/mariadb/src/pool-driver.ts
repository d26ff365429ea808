import {
  addressesOf,
  hold,
  insert,
  letGo,
  type Deliver,
  type FailureTable,
  type PoolDriver,
  type Waiter,
} from '@pool-lifeguard/core';
import { Dialing, type Prepare } from './dialing.ts';
import { mariadbFailures, mysqlFailures } from './failures.ts';
import { busy, bytesRead, defect, discard, hungUp, leave, peer } from './health.ts';
import type { Connection, GetConnection } from './mariadb-shapes.ts';
import type { Members } from './members.ts';
import type { PrivateParts } from './private-parts.ts';

/** What the hooks of a guarded pool do for its driver. */
export interface Hooks {
  readonly getConnection: (callback: GetConnection) => unknown;
  readonly release: (connection: Connection) => unknown;
  readonly prepare: Prepare;
  /** Whether the pool is opening a connection by itself. */
  filling(): boolean;
  /** A connection was opened for which nobody waits any more. */
  late(connection: Connection): void;
}

/** What core needs to know of one mariadb pool, and the few things that it does to it. */
export class MariadbDriver implements PoolDriver<Connection> {
  readonly name: string;
  readonly #parts: PrivateParts;
  readonly #hooks: Hooks;
  readonly #dialing: Dialing;
  readonly #members: Members;
  readonly addressesOf = addressesOf;
  readonly defect = defect;
  readonly hungUp = hungUp;
  readonly busy = busy;
  readonly bytesRead = bytesRead;
  readonly peer = peer;
  /** Who released a connection and waits for the control after use. */
  readonly #releasing = new Map<Connection, () => void>();
  /** The guard is gone: what comes back goes the pool's own way. */
  undone = false;

  constructor(parts: PrivateParts, members: Members, hooks: Hooks) {
    this.#parts = parts;
    this.#members = members;
    this.#hooks = hooks;
    this.#dialing = new Dialing(parts.pool, parts.Connection, hooks.prepare);
    const { host, port, socketPath, database } = parts.pool.opts.connOptions;
    this.name = `${socketPath ?? `${host}:${port}`}/${database ?? ''}`;
  }

  failures(connection?: Connection): FailureTable {
    return connection?.info.isMariaDB() ? mariadbFailures : mysqlFailures;
  }

  limit(): number {
    return this.#parts.pool.opts.connectionLimit;
  }

  idleLimit(): number {
    return this.limit();
  }

  total(): number {
    return (
      this.#parts.pool.totalConnections() + this.#dialing.count + Number(this.#hooks.filling())
    );
  }

  idleCount(): number {
    return this.#parts.idle.length;
  }

  idle(): Connection[] {
    return this.#parts.idle.toArray();
  }

  lent(): Connection[] {
    const idle = new Set(this.idle());
    const all = [...this.#members, ...Object.values(this.#parts.active)];
    return all.filter((connection) => connection !== null && !idle.has(connection)) as Connection[];
  }

  takeIdle(): Connection | undefined {
    return this.#parts.idle.pop();
  }

  removeIdle(connection: Connection): boolean {
    const { idle } = this.#parts;
    const last = idle.length - 1;
    const at = idle.peekAt(last) === connection ? last : this.idle().indexOf(connection);
    if (at >= 0) idle.removeOne(at);
    return at >= 0;
  }

  putIdle(connection: Connection): void {
    this.#settle(connection);
    if (this.undone) this.#hooks.release(connection);
    else this.#parts.idle.push(connection);
  }

  restoreIdle(connection: Connection, place: number): void {
    this.#settle(connection);
    if (this.undone) this.#hooks.release(connection);
    else insert(this.#parts.idle, connection, place);
  }

  acquired(): void {
    // The pool tells of every borrow, not only of those served from the idle ones: see `lend`.
  }

  lend(connection: Connection): void {
    this.#settle(connection);
    const { pool } = this.#parts;
    if (pool.opts.leakDetectionTimeout > 0) pool._startLeakDetection(connection);
    this.#emit('acquire', connection);
  }

  refuses(): boolean {
    return false;
  }

  rejoin(waiter: Waiter<Connection>): void {
    this.#hooks.getConnection((error, connection) => waiter.settle(error, connection));
  }

  dial(done: Deliver<Connection>): (error: Error) => void {
    return this.#dialing.dial(done, (connection) => this.#hooks.late(connection));
  }

  /** What an application's listener throws is its own; it must not end what the gate is doing. */
  #emit(...event: [name: string, connection?: Connection]): void {
    try {
      this.#parts.pool.emit(...event);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }

  letGo({ socket }: Connection): boolean {
    return letGo(socket);
  }

  hold({ socket }: Connection): void {
    hold(socket);
  }

  /** Without a time limit of the driver's own: the gate has one. */
  ping(connection: Connection, done: (error: Error | null) => void): void {
    connection.ping({}, () => done(null), done);
  }

  readWaitTimeout(connection: Connection, done: (error: Error | null, ms?: number) => void): void {
    // The application's own settings are not asked about what it has not asked for.
    const opts = { rowsAsArray: true, metaAsArray: false, typeCast: undefined, timeout: 0 };
    const sql = 'SELECT @@session.wait_timeout';
    const answered = (rows: unknown): void => {
      const seconds = Number((rows as unknown[][])[0]?.[0]);
      if (Number.isFinite(seconds)) done(null, seconds * 1000);
      else done(new Error('The server did not tell its wait_timeout.'));
    };
    connection.query({ sql, opts }, answered, done);
  }

  /** The release of this connection is one after which the pool controls its session. */
  controls(connection: Connection, callback: () => void): void {
    this.#releasing.set(connection, callback);
  }

  resetOf(connection: Connection): ((done: (error: Error | null) => void) => void) | undefined {
    if (!this.#releasing.has(connection)) return undefined;
    const { pool } = this.#parts;
    const inTransaction = (connection.info.status & 1) !== 0;
    if (!pool.opts.resetAfterUse && !inTransaction && !busy(connection)) return undefined;
    return (done) => {
      pool._getRevertFunction(connection)((error) => {
        this.#settle(connection);
        done(error ?? null);
      });
    };
  }

  /** The pool's own control rolls back, and is part of the reset. A single `query()` it leaves alone. */
  rollbackOf(): undefined {
    return undefined;
  }

  #settle(connection: Connection): void {
    const callback = this.#releasing.get(connection);
    if (!callback) return;
    this.#releasing.delete(connection);
    callback();
  }

  discard(connection: Connection, error?: Error): void {
    this.#members.remove(connection);
    discard(connection, error);
    this.#gone(connection);
  }

  retire(connection: Connection): void {
    this.#members.remove(connection);
    leave(connection);
    this.#gone(connection);
  }

  #gone(connection: Connection): void {
    this.#settle(connection);
    // The pool keeps up a number of connections.
    process.nextTick(() => this.#emit('validateSize'));
  }
}
