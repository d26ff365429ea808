import { expect } from 'chai';
import type { PoolStats } from '../../src/stats.ts';
import { ticks } from './fake-clock.ts';
import { driverError, type FakeConnection } from './fake-connection.ts';
import { Borrow, open, type Subject } from './open.ts';
import { randomNumbers } from './random.ts';

/**
 * A guarded pool to which everything happens that can happen, in random order, and what must be
 * true of it all the time.
 */
export class RandomPool {
  readonly pool: Subject;
  /** All borrows, in their order. */
  readonly borrows: Borrow[] = [];
  readonly held = new Set<FakeConnection>();
  /** What is asked for and must come to an end. */
  readonly promises: Promise<unknown>[] = [];
  readonly #random: () => number;
  /** Nobody asks while somebody waits, so that connections come to rest. */
  readonly #isCalm: boolean;
  /** What went wrong in a hand-over: thrown there, it would be the borrower's own error. */
  readonly #faults: string[] = [];
  #firstUnanswered = 0;
  #closedInTurn = false;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
    this.#isCalm = seed % 2 === 0;
    const options = this.chance(0.5) ? { connectionTimeout: '3s' } : {};
    this.pool = open({ maxLifetime: '5m', ...options }, (driver) => {
      driver.size = 1 + this.pick(8);
      if (this.chance(0.3)) driver.reset = (_, done) => void this.#later(() => done(this.#fault()));
    });
    this.pool.emitter.on('closed', () => this.#noteClosed());
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  one<T>(items: readonly T[]): T | undefined {
    return items[this.pick(items.length)];
  }

  get unanswered(): number {
    return this.borrows.filter(({ answers }) => answers === 0).length;
  }

  borrow(): void {
    if (this.#isCalm && this.unanswered > 0) return;
    const borrow = new Borrow(String(this.borrows.length));
    this.borrows.push(borrow);
    const deliver = (error: Error | null, connection?: FakeConnection): void => {
      borrow.answer(error, connection);
      if (connection) this.#lent(borrow, connection);
    };
    this.pool.gate.borrow(deliver, this.chance(0.05));
  }

  release(connection: FakeConnection): void {
    this.held.delete(connection);
    this.pool.gate.release(connection);
  }

  use(connection: FakeConnection): void {
    if (connection.flaw === undefined) this.pool.query(connection);
  }

  spoil(connection: FakeConnection): void {
    const errno = this.chance(0.2) ? 1290 : 4031;
    this.pool.guard.watch.failed(connection, driverError('spoiled', { errno }));
  }

  evictStale(): void {
    this.promises.push(this.pool.guard.evictStale());
  }

  /** A server that is reached again, and answers whatever it was asked. */
  heal(): void {
    const { driver } = this.pool;
    driver.dials = 'succeed';
    driver.born = {};
    for (const dial of [...driver.hanging]) driver.accept(dial);
    for (const connection of [...driver.all]) {
      connection.ping = 'answers';
      driver.finish(connection);
    }
  }

  /** Everybody gives back what he has, until everybody has had something. */
  async end(): Promise<void> {
    this.heal();
    for (let turn = 0; turn < 500 && (this.unanswered > 0 || this.held.size > 0); turn++) {
      for (const connection of this.held) this.release(connection);
      for (const connection of this.pool.driver.all) this.pool.driver.finish(connection);
      await this.pool.clock.run(100);
    }
    await this.pool.clock.run(20_000);
    await Promise.all(this.promises);
  }

  /** What is true whenever the tick queue is empty. */
  async check(): Promise<void> {
    await ticks();
    expect(this.#faults).to.deep.equal([]);
    expect(this.borrows.filter(({ answers }) => answers > 1)).to.deep.equal([]);
    this.#checkCounts(this.pool.guard.stats());
  }

  #checkCounts(stats: PoolStats): void {
    const { total, idle, lent, validating, opening, pending } = stats;
    expect(total, 'the limit').to.be.at.most(this.pool.driver.size);
    expect(idle + lent + validating + opening, 'the parts').to.equal(total);
    expect(Math.min(idle, lent, validating, opening), 'the least part').to.be.at.least(0);
    const closed = Object.values(stats.closed).reduce((sum, count) => sum + count, 0);
    expect(stats.opened, 'all that was opened').to.equal(total - opening + closed);
    expect(stats.borrows, 'the borrows').to.equal(this.borrows.length);
    expect(pending, 'those in line').to.equal(this.unanswered);
    if (idle > 0) expect(validating + opening, 'the attempts').to.be.at.least(pending);
  }

  #lent(borrow: Borrow, connection: FakeConnection): void {
    const { driver } = this.pool;
    if (this.held.has(connection)) this.#faults.push(`${connection.id} is lent to two`);
    if (!driver.all.includes(connection)) this.#faults.push(`${connection.id} had left the pool`);
    if (driver.free.includes(connection)) this.#faults.push(`${connection.id} is idle, too`);
    if (connection.flaw ?? connection.busy) this.#faults.push(`${connection.id} is not fit`);
    this.held.add(connection);
    while (this.borrows[this.#firstUnanswered]?.answers) this.#firstUnanswered++;
    const isOvertaking = Number(borrow.name) > this.#firstUnanswered;
    if (isOvertaking && !this.#wasCalledInVain()) {
      this.#faults.push(`${borrow.name} is served before ${this.#firstUnanswered}`);
    }
  }

  /** Somebody may have met a bad connection at his hand-over: others called in that turn go on. */
  #wasCalledInVain(): boolean {
    return this.#closedInTurn || this.pool.guard.roster.count.draining > 0;
  }

  #noteClosed(): void {
    this.#closedInTurn = true;
    setImmediate(() => (this.#closedInTurn = false));
  }

  #later(callback: () => void): void {
    this.pool.clock.arrive(callback);
  }

  #fault(): Error | null {
    return this.chance(0.2) ? driverError('fault') : null;
  }
}
