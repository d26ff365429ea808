import {
  closeInTime,
  Observer,
  PoolGuard,
  retryOneShots,
  shadow,
  Waiter,
  type Surroundings,
} from '@pool-lifeguard/core';
import type { Connection, Ended, GetConnection, Pool } from './mysql2-shapes.ts';
import { items, type BarePool } from './bare-pool.ts';
import { observePool } from './observe-pool.ts';
import { Mysql2Driver } from './pool-driver.ts';
import { isTraced, tellsTracers, traced } from './traced.ts';
import { watchCommands } from './watch-commands.ts';

/**
 * Puts the gate in front of a pool: of `getConnection`, which every borrow passes (also that of
 * `query`, `execute` and of the promise pool), of `releaseConnection`, which every release and
 * every removal passes, and of `end`.
 */
export class GuardedPool extends PoolGuard<Connection> {
  readonly #pool: Pool;
  readonly #driver: Mysql2Driver;
  readonly #bare: BarePool;
  readonly #watched = new Map<Connection, () => void>();
  readonly #restore: readonly (() => void)[];
  readonly #tells: boolean;

  constructor(pool: Pool, surroundings: Surroundings) {
    const { getConnection, releaseConnection, end } = pool;
    const bare: BarePool = {
      getConnection: (callback) => getConnection.call(pool, callback),
      releaseConnection: (connection) => releaseConnection.call(pool, connection),
    };
    const driver = new Mysql2Driver(pool, bare, (connection) => this.#watch(connection));
    super(driver, surroundings);
    this.#pool = pool;
    this.#tells = tellsTracers(pool);
    this.#driver = driver;
    this.#bare = bare;
    if (surroundings.policy.mode === 'observe') {
      this.#restore = observePool(pool, bare, driver, new Observer(this.roster));
      return;
    }
    this.#restore = [
      shadow(pool, 'getConnection', (callback) => this.borrow(callback, false)),
      shadow(pool, 'releaseConnection', (connection) => this.#release(connection)),
      shadow(pool, 'end', (callback) => this.#end((done) => end.call(pool, done), callback)),
      ...(surroundings.policy.retry === false ? [] : retryOneShots(pool, () => !pool._closed)),
    ];
    for (const connection of items(pool._allConnections)) this.#watch(connection);
    this.#adoptWaiting();
  }

  /** `failFast`: the borrower wants a dial error at once, because he has another node to go to. */
  borrow(callback: GetConnection, failFast: boolean): unknown {
    if (this.#pool._closed || this.#driver.undone) return this.#bare.getConnection(callback);
    if (!this.#tells || !isTraced() || this.#showsItself) {
      return this.gate.borrow(callback, failFast);
    }
    return traced(this.#pool, (done) => this.gate.borrow(done, failFast), callback);
  }

  /** The very first dial shows itself to tracers; every other borrow must be shown by us. */
  get #showsItself(): boolean {
    return this.gate.wouldDial && !this.#driver.dialing.canDialUntraced;
  }

  protected override get acts(): boolean {
    return super.acts && !this.#driver.undone;
  }

  /** Takes the guard off, and gives back to the pool whoever waits in line. */
  undo(): void {
    if (this.#driver.undone) return;
    this.#driver.undone = true;
    const waiters = this.gate.stop();
    for (const restore of this.#restore) restore();
    for (const unwatch of this.#watched.values()) unwatch();
    this.#watched.clear();
    for (const waiter of waiters) this.#driver.rejoin(waiter);
  }

  #release(connection: Connection): unknown {
    if (this.#driver.undone) return this.#bare.releaseConnection(connection);
    if (connection._pool) return this.gate.release(connection);
    this.#forget(connection);
    this.#driver.dialing.dropped(connection);
    return this.gate.removed(connection);
  }

  /** Who waits is told first, as the pool itself does. */
  #end(end: (done: Ended) => unknown, callback: Ended | undefined): unknown {
    for (const waiter of this.gate.stop()) {
      process.nextTick(() => waiter.settle(new Error('Pool is closed.')));
    }
    // The pool waits for every connection's last command; for one of ours nobody should have to.
    for (const connection of items(this.#pool._allConnections)) {
      if (this.roster.get(connection)?.state === 'proving') this.#driver.discard(connection);
    }
    const error = new Error('Pool is closed.');
    closeInTime(this.roster, error);
    // That one of its statements was given up is told to whoever sent it.
    return end((failure) => {
      const told = failure === error ? undefined : failure;
      if (callback) callback(told);
      // As the pool itself does where nobody wants to be told.
      else if (told) throw told;
    });
  }

  #watch(connection: Connection): void {
    if (this.#driver.undone || this.#watched.has(connection)) return;
    this.#watched.set(connection, watchCommands(connection, this.watch));
  }

  #forget(connection: Connection): void {
    // Its error listener stays: a closed connection may still report how it ended.
    this.#watched.delete(connection);
  }

  /** Borrowers who stood in the pool's own line before the guard came. */
  #adoptWaiting(): void {
    const { clock } = this.roster;
    for (let callback; (callback = this.#pool._connectionQueue.shift());) {
      this.gate.join(new Waiter(callback, clock.now(), false));
    }
  }
}
