import {
  closeInTime,
  Observer,
  PoolGuard,
  retryOneShots,
  shadow,
  Waiter,
  type Surroundings,
} from '@pool-lifeguard/core';
import { barePool, type BarePool } from './bare-pool.ts';
import { Filling, isFilling } from './filling.ts';
import type {
  CommandParameter,
  Connection,
  GetConnection,
  OuterPool,
  Pool,
  Reject,
} from './mariadb-shapes.ts';
import { leave } from './health.ts';
import { Members } from './members.ts';
import { observePool } from './observe-pool.ts';
import { inTheDriversWords, withDeadline, withPings } from './own-habits.ts';
import { MariadbDriver } from './pool-driver.ts';
import type { PrivateParts } from './private-parts.ts';
import { Releases } from './releases.ts';
import { releaseOnce } from './release-once.ts';

/**
 * Puts the gate in front of the inner pool, where every borrow and release of the promise pool and of
 * the callback pool arrives, so that all that they do around one stays as it is.
 *
 * The idle connections stay in the pool's own queue, lent from its tail; its reaper takes from the
 * head. Its map of lent connections is keyed by thread id, which several may have behind a balancer:
 * it is empty while the guard is on, and filled again when it goes.
 */
export class GuardedPool extends PoolGuard<Connection> {
  readonly #parts: PrivateParts;
  readonly #pool: Pool;
  readonly #driver: MariadbDriver;
  readonly #members: Members;
  readonly #bare: BarePool;
  readonly #restore: (() => void)[];
  readonly #filling: Filling;
  /** The deadline of a borrow is the pool's own, and so is its error. */
  readonly #ownDeadline: boolean;

  constructor(outer: OuterPool, parts: PrivateParts, surroundings: Surroundings) {
    const { pool, idle, active } = parts;
    const bare = barePool(pool);
    const members = new Members((connection) => this.#left(connection));
    const driver = new MariadbDriver(parts, members, {
      getConnection: (callback) => bare.getConnection({}, callback),
      release: (connection) => {
        active[connection.threadId] = connection;
        return bare.release(connection);
      },
      prepare: (connection, done, failed) => {
        // Without the guard it is the pool's, which has it among the idle ones already.
        const late = (): void => failed(new Error('The guard has been taken off.'));
        return this.#prepare(connection, () => (driver.undone ? late() : done(connection)), failed);
      },
      filling: () => this.#filling.isOpening,
      late: (connection) => this.gate.poolOpens().ended(connection),
    });
    const fills = isFilling(pool);
    super(driver, withPings(withDeadline(surroundings, pool)));
    this.#parts = parts;
    this.#pool = pool;
    this.#driver = driver;
    this.#members = members;
    this.#bare = bare;
    this.#filling = new Filling(pool, {
      gate: this.gate,
      Connection: parts.Connection,
      hasRoom: () => driver.undone || driver.total() < driver.limit(),
      prepare: (...opened) => this.#prepare(...opened),
    });
    this.#ownDeadline = !surroundings.policy.limitsWaiting;
    if (surroundings.policy.mode === 'observe') {
      this.#restore = observePool(parts, bare, driver, new Observer(this.roster));
      return;
    }
    for (const connection of [...idle.toArray(), ...Object.values(active)]) {
      if (connection) members.add(connection, this.watch);
    }
    for (const id of Object.keys(active)) delete active[id];
    this.#restore = [...this.#hookBorrows(outer), ...this.#filling.begin(fills)];
    this.#adoptWaiting();
  }

  protected override get acts(): boolean {
    return super.acts && !this.#driver.undone;
  }

  /** Takes the guard off, and gives back to the pool whoever waits in line. */
  undo(): void {
    const waiters = this.#driver.undone ? [] : this.#surrender();
    this.#members.release();
    for (const restore of this.#restore.splice(0)) restore();
    for (const waiter of waiters) this.#driver.rejoin(waiter);
  }

  /** From now on the pool goes its own way, with all that it would know without the guard. */
  #surrender(): readonly Waiter<Connection>[] {
    this.#driver.undone = true;
    const waiters = this.gate.stop();
    const { active } = this.#parts;
    for (const connection of this.#driver.lent()) {
      // One that is being validated is nobody's: the pool would not count it, and open one too many.
      if (this.roster.get(connection)?.state === 'proving') this.#driver.discard(connection);
      else active[connection.threadId] = connection;
    }
    return waiters;
  }

  #hookBorrows(outer: OuterPool): (() => void)[] {
    const pool = this.#pool;
    const releases = new Releases({
      parts: this.#parts,
      bare: this.#bare,
      driver: this.#driver,
      members: this.#members,
      guard: this,
    });
    return [
      releaseOnce(outer),
      ...(this.roster.policy.retry === false ? [] : retryOneShots(outer, () => !this.#pool.closed)),
      shadow(pool, 'getConnection', (...request) => this.#borrow(...request)),
      shadow(pool, 'release', (connection) => releases.release(connection)),
      shadow(pool, '_handleRelease', (...lease) => releases.controlAndRelease(...lease)),
      shadow(pool, 'end', () => this.#end()),
      shadow(pool, 'activeConnections', () => this.#members.size - this.#parts.idle.length),
      shadow(pool, 'taskQueueSize', () => this.#waiting()),
    ];
  }

  /** A new connection is made one of the pool's, which puts it among the idle ones: too early. */
  #prepare(
    connection: Connection,
    done: (connection: Connection) => void,
    refused: Reject,
  ): unknown {
    if (this.#driver.undone && this.#pool.totalConnections() >= this.#driver.limit()) {
      // The pool has opened one in its place, and would lose one of them out of a full queue.
      leave(connection);
      return refused(new Error('The guard has been taken off.'));
    }
    return this.#bare._prepareNewConnection(
      connection,
      () => {
        if (this.#driver.undone) return done(connection);
        this.#driver.removeIdle(connection);
        this.#members.add(connection, this.watch);
        this.#pool._onConnectionCreationSuccess();
        return done(connection);
      },
      refused,
    );
  }

  /** Who waits for the validation of an idle connection does not stand in the pool's line, either. */
  #waiting(): number {
    const { pending, validating } = this.gate;
    return Math.max(0, pending - validating) + this.#parts.requests.length;
  }

  #borrow(parameter: CommandParameter | GetConnection, callback?: GetConnection): unknown {
    const request = typeof parameter === 'function' ? {} : parameter;
    const done = typeof parameter === 'function' ? parameter : callback;
    if (!done) return undefined;
    if (this.#pool.closed || this.#driver.undone) return this.#bare.getConnection(request, done);
    if (this.#parts.idle.length === 0) setImmediate(() => this.#pool.emit('enqueue'));
    const since = this.roster.clock.now();
    return this.gate.borrow((error, connection) => {
      if (!error) return done(null, connection);
      if (!this.#ownDeadline) return done(error);
      const waitedMs = this.roster.clock.now() - since;
      return done(inTheDriversWords(this.#parts, error, waitedMs, request.stack));
    });
  }

  #left(connection: Connection): void {
    this.#driver.removeIdle(connection);
    this.gate.removed(connection);
  }

  /** Who waits is told by the pool itself, and whoever holds a connection may still give it back. */
  #end(): Promise<unknown> {
    if (this.#pool.closed || this.#driver.undone) return this.#bare.end();
    closeInTime(this.roster, new Error('The pool is closed.'));
    for (const waiter of this.#surrender()) {
      this.#parts.requests.push({
        timeout: Infinity,
        resolver: () => undefined,
        reject: (error) => process.nextTick(() => waiter.settle(error)),
      });
    }
    return this.#bare.end();
  }

  /** Borrowers who stood in the pool's own line before the guard came. */
  #adoptWaiting(): void {
    const { requests } = this.#parts;
    for (let request; (request = requests.shift());) {
      const { resolver, reject } = request;
      const deliver: GetConnection = (error, connection) => {
        if (connection) resolver.call(request, connection);
        else if (error) reject.call(request, error);
      };
      this.gate.join(new Waiter(deliver, this.roster.clock.now(), false));
    }
  }
}
