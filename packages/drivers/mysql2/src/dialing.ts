import { noteLookups, type Deliver } from '@pool-lifeguard/core';
import { discard } from './health.ts';
import type { Connection, ConnectionClass, Pool, Queue } from './mysql2-shapes.ts';
import { items, type BarePool } from './bare-pool.ts';
import { isTraced } from './traced.ts';

/** Stands in for the list of idle connections while the pool is made to dial. */
const NONE = { length: 0 } as Queue<Connection>;

/** Opens connections of one pool, and knows in every case when a dial has ended. */
export class Dialing {
  readonly #pool: Pool;
  readonly #bare: BarePool;
  /** A connection begins its life: called before its handshake. */
  readonly #born: (connection: Connection) => void;
  /** How to answer the dials of connections that are still being opened. */
  readonly #answers = new WeakMap<Connection, Deliver<Connection>>();
  /** mysql2's class of pooled connections, in the copy that made this pool. */
  #class: ConnectionClass | undefined;

  constructor(pool: Pool, bare: BarePool, born: (connection: Connection) => void) {
    this.#pool = pool;
    this.#bare = bare;
    this.#born = born;
  }

  dial(done: Deliver<Connection>): (error: Error) => void {
    const { _allConnections: all } = this.#pool;
    const answer = once(done);
    const before = all.length;
    try {
      this.#class ??= items(all)[0]?.constructor;
      if (isTraced() && this.#class) this.#dialUntraced(this.#class, answer);
      else this.#dialAsThePool(answer);
    } catch (error) {
      // A stream factory, or a value in the configuration: the pool throws it at its borrower.
      process.nextTick(answer, error);
      return () => undefined;
    }
    // Where the application has made borrowing asynchronous, the connection comes later.
    const connection = all.length > before ? all.get(all.length - 1) : undefined;
    if (connection) this.#begin(connection, answer);
    return (error) => {
      answer(error);
      if (connection) discard(connection, error);
    };
  }

  #begin(connection: Connection, answer: Deliver<Connection>): void {
    this.#class ??= connection.constructor;
    this.#answers.set(connection, answer);
    noteLookups(connection, connection.stream);
    this.#born(connection);
  }

  /**
   * A connection left the pool. If it was still being opened, its dial has ended, which mysql2 does
   * not always say (not when a listener of 'connection' throws).
   */
  dropped(connection: Connection): void {
    const answer = this.#answers.get(connection);
    if (!answer) return;
    process.nextTick(() =>
      answer(connection._fatalError ?? new Error('The connection was closed.')),
    );
  }

  /** Whether the pool's own dial, which tracers see, can be avoided. */
  get canDialUntraced(): boolean {
    return this.#class !== undefined || this.#pool._allConnections.length > 0;
  }

  /** The pool dials by itself when it has no idle connection, so it is shown none. */
  #dialAsThePool(done: Deliver<Connection>): void {
    const pool = this.#pool;
    const idle = pool._freeConnections;
    pool._freeConnections = NONE;
    try {
      this.#bare.getConnection((error, connection) => {
        if (connection) this.#born(connection);
        done(error, connection);
      });
    } finally {
      pool._freeConnections = idle;
    }
  }

  /** What the pool does to dial, without telling tracers of a second borrow inside the first. */
  #dialUntraced(PoolConnection: ConnectionClass, done: Deliver<Connection>): void {
    const pool = this.#pool;
    const config = pool._createConnectionConfig?.() ?? pool.config.connectionConfig;
    const connection = new PoolConnection(pool, { config });
    pool._allConnections.push(connection);
    connection.connect((error) => {
      if (pool._closed) return done(new Error('Pool is closed.'));
      if (error) return done(error);
      pool.emit('connection', connection);
      pool.emit('acquire', connection);
      return done(null, connection);
    });
  }
}

/** Answers once; the driver, the deadline and the removal may all know that a dial has ended. */
function once(done: Deliver<Connection>): Deliver<Connection> {
  let answered = false;
  return (error, connection) => {
    // Too late for anybody: it goes to the idle ones.
    if (answered) return void connection?.release();
    answered = true;
    done(error, connection);
  };
}
