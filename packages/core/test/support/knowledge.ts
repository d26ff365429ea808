import { classify, type DriverError } from '../../src/failures.ts';
import { failures, type FakeConnection } from './fake-connection.ts';
import type { Subject } from './open.ts';
import type { Turns } from './turns.ts';

/** What is lent without a look was used within this time, unless the options say otherwise. */
const BYPASS_MS = 500;

/** What this process can know of its connections, noted beside the guard and without asking it. */
export class Knowledge {
  readonly #pool: Subject;
  readonly #turns: Turns;
  /** When each was last heard. */
  readonly #heardAt = new Map<FakeConnection, number>();
  readonly #heardIn = new Map<FakeConnection, number>();
  /** Why one must never be lent again, and since which turn. */
  readonly #doomed = new Map<FakeConnection, { why: string; since: number }>();
  #sleptMs = 0;
  #lostAt = -Infinity;
  #unansweredAt = -Infinity;

  constructor(pool: Subject, turns: Turns) {
    this.#pool = pool;
    this.#turns = turns;
    const { driver, emitter } = pool;
    const tell = driver.answered;
    driver.answered = (connection, error) => {
      if (error) this.failed(connection, error);
      else this.heard(connection);
      tell(connection, error);
    };
    const dial = driver.dial.bind(driver);
    driver.dial = (done) => {
      return dial((error, connection) => {
        if (connection) this.heard(connection);
        done(error, connection);
      });
    };
    emitter.on('closed', ({ reason }) => {
      if (reason === 'ping-timeout') this.#unansweredAt = this.#now;
    });
  }

  heard(connection: FakeConnection): void {
    this.#heardAt.set(connection, this.#now);
    this.#heardIn.set(connection, this.#turns.now);
  }

  /** Whether it was heard within this turn. */
  isHeardNow(connection: FakeConnection): boolean {
    return this.#heardIn.get(connection) === this.#turns.now;
  }

  /** The machine slept, which its clock does not count. */
  slept(ms: number): void {
    this.#sleptMs += ms;
  }

  /** A command failed. */
  failed(connection: FakeConnection, error: DriverError): void {
    if (classify(failures, error).scope === 'statement') return this.heard(connection);
    this.#lostAt = this.#now;
    this.doom(connection, 'an error spoiled it');
  }

  doom(connection: FakeConnection, why: string): void {
    const since = this.#turns.now;
    if (!this.#doomed.has(connection)) this.#doomed.set(connection, { why, since });
  }

  /** Why nobody may get this one. */
  objection(connection: FakeConnection): string | undefined {
    const { all, free } = this.#pool.driver;
    if (!all.includes(connection)) return 'it has left the pool';
    if (free.includes(connection)) return 'it is idle, too';
    if (connection.flaw ?? connection.busy) return 'it is closed, or busy';
    const doomed = this.#doomed.get(connection);
    // What is promised is kept within the turn.
    return doomed && doomed.since < this.#turns.now ? doomed.why : undefined;
  }

  /** Why nobody who asks now may get this one without a look. */
  doubt(connection: FakeConnection): string | undefined {
    const heardAt = this.#heardAt.get(connection) ?? -Infinity;
    if (this.#now - heardAt >= BYPASS_MS) return 'it was silent for too long';
    if (heardAt < this.#unansweredAt) return 'another one has not answered since';
    return heardAt <= this.#lostAt ? 'another one was lost since' : undefined;
  }

  /** A moment on a clock that counts the machine's sleep. */
  get #now(): number {
    return this.#pool.clock.now() + this.#sleptMs;
  }
}
