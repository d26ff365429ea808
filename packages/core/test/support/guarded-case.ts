import type { LifeguardOptions } from '../../src/options.ts';
import { Borrowers } from './borrowers.ts';
import { driverError, type Done, type FakeConnection } from './fake-connection.ts';
import { Knowledge } from './knowledge.ts';
import { open, type Subject } from './open.ts';
import { Turns } from './turns.ts';

/** So long at most a pool dials slowly when an outage is over. */
const RECOVERY_MS = 10_000;

/** How a pool is configured, and what it has before it is guarded. */
export interface Configuration {
  readonly size: number;
  readonly queueLimit: number;
  readonly resets: boolean;
  /** Nobody asks while somebody waits, so that connections come to rest. */
  readonly isCalm: boolean;
  readonly adopted: readonly ('idle' | 'lent')[];
  readonly options: LifeguardOptions;
}

/** A guarded pool to which anything may happen, and what is known of it without asking the guard. */
export class GuardedCase {
  readonly configuration: Configuration;
  readonly pool: Subject;
  readonly turns: Turns;
  readonly knowledge: Knowledge;
  readonly borrowers: Borrowers;
  /** Those from before the guard that somebody still has. */
  readonly ownerless = new Set<FakeConnection>();
  /** How many borrows were asked of the gate, and how many connections it began with. */
  asked = 0;
  adopted = 0;
  /** Dials that the pool makes by itself. */
  readonly poolDials: { connection: FakeConnection; end: (good: boolean) => void }[] = [];
  /** What is asked for and must come to an end. */
  readonly promises: Promise<unknown>[] = [];
  /** Resets at release that the server has not answered. */
  readonly resets: ((good: boolean) => void)[] = [];
  isStopped = false;
  /** When a connection was last closed, or the process last stood still. */
  disturbedAt = -Infinity;
  /** The last dial has failed. */
  isFailing = false;
  /** So long after that dials may be few. */
  recoversUntil = -Infinity;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
    const { size, resets, adopted, options } = configuration;
    this.pool = open({ maxLifetime: '5m', ...options }, (driver) => {
      driver.size = size;
      for (const where of adopted.slice(0, size)) {
        const connection = driver.adopt(where);
        this.adopted++;
        if (where === 'lent') this.ownerless.add(connection);
      }
      if (resets) driver.reset = (connection, done) => this.#reset(connection, done);
    });
    this.turns = new Turns(this.pool.clock);
    this.knowledge = new Knowledge(this.pool, this.turns);
    this.borrowers = new Borrowers(this.pool, this.turns, this.knowledge);
    this.#limitQueue(configuration.queueLimit);
    this.pool.emitter.on('closed', () => this.#noteClosed());
    this.pool.emitter.on('openFailed', () => (this.isFailing = true));
    this.pool.emitter.on('opened', () => this.#noteOpened());
  }

  #noteOpened(): void {
    if (this.isFailing) this.recoversUntil = this.pool.clock.now() + RECOVERY_MS;
    this.isFailing = false;
  }

  /** All that somebody has. */
  get held(): FakeConnection[] {
    return [...this.ownerless, ...this.borrowers.holders.keys()];
  }

  /** Those that can be touched: nobody has one that is still being opened. */
  get touchable(): FakeConnection[] {
    const { all, hanging } = this.pool.driver;
    const opening = new Set([...hanging, ...this.poolDials].map(({ connection }) => connection));
    return all.filter((connection) => !opening.has(connection));
  }

  borrow(failFast = false): void {
    const { borrowers, configuration } = this;
    if (this.isStopped || (configuration.isCalm && borrowers.waiting.length > 0)) return;
    this.asked++;
    borrowers.ask(failFast);
  }

  join(): void {
    if (!this.isStopped) this.borrowers.join();
  }

  release(connection: FakeConnection): void {
    this.ownerless.delete(connection);
    this.borrowers.holders.delete(connection);
    if (connection.busy) this.turns.spoil();
    this.pool.gate.release(connection);
  }

  query(connection: FakeConnection): void {
    if (connection.flaw !== undefined) return;
    this.pool.query(connection);
    this.knowledge.heard(connection);
  }

  /** A connection is opened by the pool itself, to which the gate only listens. */
  poolOpens(): void {
    const { driver, gate } = this.pool;
    if (driver.total() >= driver.limit() || this.isStopped) return;
    const connection = driver.adopt('lent');
    const dial = gate.poolOpens();
    const end = (good: boolean): void => {
      if (good) this.knowledge.heard(connection);
      else driver.drop(connection);
      dial.ended(good ? connection : undefined);
    };
    this.poolDials.push({ connection, end });
  }

  /** Those whose time was up when the process stood still get it again, once, as far as known. */
  pardon(isKnown = true): void {
    const { clock, guard } = this.pool;
    for (const borrower of this.borrowers.waiting) {
      if (borrower.pardoned || clock.now() < borrower.due - 1) continue;
      borrower.pardoned = isKnown;
      borrower.due = clock.now() + guard.roster.policy.connectionTimeoutMs;
    }
  }

  /** The guard goes; who waits is answered by the pool. */
  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    const waiters = this.pool.gate.stop();
    const orders = waiters.map(({ order }) => order);
    const sorted = orders.toSorted((one, other) => one - other);
    if (String(orders) !== String(sorted)) this.#blame('stop() gives them back in another order');
    for (const waiter of waiters) waiter.settle(this.borrowers.refusal);
  }

  #noteClosed(): void {
    this.turns.spoil();
    this.disturbedAt = this.pool.clock.now();
  }

  #blame(fault: string): void {
    this.borrowers.faults.push(fault);
  }

  #reset(connection: FakeConnection, done: Done): void {
    this.resets.push((good) => {
      if (good) this.knowledge.heard(connection);
      done(good ? null : driverError('reset failed'));
    });
  }

  #limitQueue(queueLimit: number): void {
    const { driver } = this.pool;
    driver.refuses = (waiting, deliver) => {
      if (waiting < queueLimit) return false;
      const { pending } = this.pool.guard.stats();
      if (waiting > pending) this.#blame(`${waiting} are said to wait of ${pending}`);
      deliver(this.borrowers.refusal);
      return true;
    };
  }
}
