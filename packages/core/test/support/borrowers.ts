import { LifeguardError } from '../../src/errors.ts';
import { Waiter, type Deliver } from '../../src/line.ts';
import { classify } from '../../src/failures.ts';
import { failures, type FakeConnection } from './fake-connection.ts';
import type { Knowledge } from './knowledge.ts';
import { Borrow, type Subject } from './open.ts';
import type { Turns } from './turns.ts';

/** One who asked, and what may be said of the time that he waits. */
export class Borrower extends Borrow {
  readonly failFast: boolean;
  readonly askedAt: number;
  readonly askedIn: string;
  /** What was idle when he asked, and why it was not to be lent without a look. */
  readonly idle: ReadonlyMap<FakeConnection, string | undefined>;
  /** When he must have been answered, where the deadline of each runs from the beginning. */
  due: number;
  pardoned = false;

  constructor(name: string, pool: Subject, knowledge: Knowledge, turn: string, failFast: boolean) {
    super(name);
    this.failFast = failFast;
    this.askedAt = pool.clock.now();
    this.askedIn = turn;
    this.idle = new Map(pool.driver.free.map((one) => [one, knowledge.doubt(one)]));
    this.due = this.askedAt + pool.guard.roster.policy.connectionTimeoutMs;
  }
}

const OWN_CODES = ['LIFEGUARD_CONNECTION_TIMEOUT', 'LIFEGUARD_LIMIT_ABOVE_SERVER'];

/** All who ask a pool for connections, and what went wrong in how they were answered. */
export class Borrowers {
  readonly all: Borrower[] = [];
  /** Who holds what. */
  readonly holders = new Map<FakeConnection, Borrower>();
  /** Told here: thrown in a hand-over, it would be the borrower's own error. */
  readonly faults: string[] = [];
  readonly refusal = new Error('Queue limit reached.');
  readonly #pool: Subject;
  readonly #turns: Turns;
  readonly #knowledge: Knowledge;

  constructor(pool: Subject, turns: Turns, knowledge: Knowledge) {
    this.#pool = pool;
    this.#turns = turns;
    this.#knowledge = knowledge;
  }

  /** Those who have no answer yet, in their order. */
  get waiting(): Borrower[] {
    return this.all.filter(({ answers }) => answers === 0);
  }

  /** How many were told that their time was up. */
  get late(): number {
    return this.all.filter(({ error }) => isLate(error)).length;
  }

  /** The names of those who have so many answers. */
  answered(times: number): string {
    return this.all
      .filter(({ answers }) => answers === times)
      .map(({ name }) => name)
      .join(', ');
  }

  ask(failFast: boolean): void {
    this.#pool.gate.borrow(this.#enter(failFast), failFast);
  }

  /** One from the pool's own line, from before it was guarded. */
  join(): void {
    this.#pool.gate.join(new Waiter(this.#enter(false), this.#pool.clock.now(), false));
  }

  #enter(failFast: boolean): Deliver<FakeConnection> {
    const name = String(this.all.length);
    const borrower = new Borrower(name, this.#pool, this.#knowledge, this.#turn, failFast);
    this.all.push(borrower);
    return (error, connection) => {
      borrower.answer(error, connection);
      if (error) this.#refused(borrower, error);
      else if (connection) this.#lent(borrower, connection);
    };
  }

  #refused({ name, failFast }: Borrower, error: Error): void {
    if (error === this.refusal || OWN_CODES.includes(codeOf(error) ?? '')) return;
    if (failFast || classify(failures, error).permanent) return;
    this.faults.push(`${name} is told an error that may pass: ${error.message}`);
  }

  #lent(borrower: Borrower, connection: FakeConnection): void {
    const told = `${borrower.name} gets ${connection.id}, though`;
    const holder = this.holders.get(connection);
    if (holder) this.faults.push(`${told} ${holder.name} has it`);
    const objection = this.#knowledge.objection(connection) ?? this.#doubt(borrower, connection);
    if (objection) this.faults.push(`${told} ${objection}`);
    const [first] = this.waiting;
    if (first && Number(first.name) < Number(borrower.name) && !this.#turns.isSpoiled) {
      this.faults.push(`${told} it is the turn of ${first.name}`);
    }
    this.holders.set(connection, borrower);
  }

  get #turn(): string {
    return `${this.#turns.now} ${this.#turns.polls}`;
  }

  /** Within the turn in which he asked nobody has looked at anything. */
  #doubt(borrower: Borrower, connection: FakeConnection): string | undefined {
    if (borrower.askedIn !== this.#turn || !borrower.idle.has(connection)) return undefined;
    if (this.#knowledge.isHeardNow(connection)) return undefined;
    const stoodMs = this.#pool.clock.now() - borrower.askedAt;
    return stoodMs >= 500 ? 'the process stood still' : borrower.idle.get(connection);
  }
}

/** Not that a dial took too long, which those are told who fail fast. */
function isLate(error: Error | undefined): boolean {
  return codeOf(error) === OWN_CODES[0] && error?.message.startsWith('No connection') === true;
}

function codeOf(error: Error | undefined): string | undefined {
  return error instanceof LifeguardError ? error.code : undefined;
}
