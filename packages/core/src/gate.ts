import { Attempts } from './attempts.ts';
import { Dialer, type ForeignDial } from './dialer.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { outlived } from './judge.ts';
import { Lending, type Origin, type Taker } from './lending.ts';
import { LimitReader } from './limit-reader.ts';
import { Waiter, type Deliver } from './line.ts';
import { STANDSTILL_MS } from './looks.ts';
import { isAlive, type Prover, type Proof } from './prover.ts';
import { Returns } from './returns.ts';
import type { Roster } from './roster.ts';
import { Triage } from './triage.ts';
import { Waiting } from './waiting.ts';

/**
 * The one way into a guarded pool: every borrow and every release passes here, first in, first out.
 *
 * A borrow that meets a connection used a moment ago is answered at once. Every other one stands in
 * line, where `Attempts` keeps as many validations and dials under way as borrowers stand there;
 * whichever attempt or release yields a connection first, it goes to the head of the line.
 */
export class Gate<C extends object> {
  readonly #roster: Roster<C>;
  readonly #line: Waiting<C>;
  readonly #dialer: Dialer<C>;
  readonly #lending: Lending<C>;
  readonly #returns: Returns<C>;
  readonly #limits: LimitReader<C>;
  readonly #triage: Triage<C>;
  readonly #prover: Prover<C>;
  readonly #attempts: Attempts<C>;

  constructor(roster: Roster<C>, prover: Prover<C>, random: () => number) {
    this.#roster = roster;
    this.#prover = prover;
    this.#line = new Waiting(roster, () => {
      const { busy, validating, opening } = this;
      return { busy, validating, opening, cause: this.#dialer.lastError };
    });
    const opened = this.#opened.bind(this);
    const failed = this.#openFailed.bind(this);
    const ready = (): void => this.#attempts.pump();
    this.#dialer = new Dialer(roster, { opened, failed, ready }, random);
    this.#lending = new Lending(roster, {
      again: (taker, record) => this.#again(taker, record),
      // Whatever the driver had to tell of this loan it has told, so it ends like any other.
      drain: (connection, record) => this.#returns.drain(connection, record, 'lease'),
      look: (connection, record) => this.#prove(connection, record, 'look', 'lease'),
    });
    this.#returns = new Returns(roster, {
      place: (connection, record, origin) => this.#returned(connection, record, origin),
    });
    this.#triage = new Triage(roster, {
      prove: (connection, record, by) => this.#prove(connection, record, by, 'idle'),
      drain: (connection, record) => this.#returns.drain(connection, record, 'idle'),
    });
    this.#limits = new LimitReader(roster, {
      done: (connection, record, proof, origin) => this.#proven(connection, record, proof, origin),
    });
    const parts = { line: this.#line, dialer: this.#dialer, triage: this.#triage };
    this.#attempts = new Attempts(roster, { ...parts, lending: this.#lending });
  }

  /** Borrows in line. */
  get pending(): number {
    return this.#line.length;
  }

  /** Idle connections being validated. */
  get validating(): number {
    return this.#roster.count.proving;
  }

  /** Dials under way. */
  get opening(): number {
    return this.#dialer.own.count + this.#dialer.foreign.count;
  }

  /** Lent connections, and those that an early release left busy. */
  get busy(): number {
    const { driver } = this.#roster;
    return driver.total() - driver.idleCount() - this.validating - this.opening;
  }

  /** Whether a borrow that came now would dial at once, with nothing else to try before. */
  get wouldDial(): boolean {
    const { driver } = this.#roster;
    const room = driver.idleCount() === 0 && driver.total() < driver.limit();
    return room && this.#line.length === 0 && this.validating === 0 && !this.#dialer.failing;
  }

  /**
   * Takes a connection for a borrower and calls `deliver` with it, or with an error once no way is
   * left. `failFast` passes on the first dial error instead of waiting for the next try.
   */
  borrow(borrower: Deliver<C>, failFast = false): void {
    const { counters, leaks, limits, driver, clock } = this.#roster;
    counters.borrows++;
    if (limits.violation) return void process.nextTick(borrower, limits.violation);
    const deliver = leaks ? leaks.watch(borrower) : borrower;
    if (this.#line.length === 0) {
      const connection = driver.takeIdle();
      const record = connection && this.#triage.usable(connection);
      // Who has somewhere else to go must be known for it if he has to stand in line yet.
      const taker = record && failFast ? new Waiter(deliver, clock.now(), true) : deliver;
      if (record) return this.#lending.lend(connection, record, taker);
    }
    this.#stand(deliver, failFast);
  }

  /** A lease ends. A second release of the same lease does nothing. */
  release(connection: C): void {
    const record = this.#roster.get(connection) ?? this.#roster.enroll(connection, 'leased');
    if (record.state === 'leased') this.#returns.comeBack(connection, record, 'lease');
  }

  /** The driver dropped a connection: because we closed it, or for a reason of its own. */
  removed(connection: C): void {
    const record = this.#roster.get(connection);
    if (record) this.#roster.noteRemoved(connection, record);
    // A dial that failed goes on in `#openFailed`, which knows why.
    if (record || this.#dialer.own.count === 0) this.#attempts.pump();
  }

  /** The pool begins to open a connection by itself, to keep up a number of idle ones. */
  poolOpens(): ForeignDial<C> {
    return this.#dialer.poolOpens();
  }

  /** Takes an idle connection out, validates it, and says whether it is still in the pool. */
  validate(connection: C, by: 'look' | 'ping', done: (healthy: boolean) => void): void {
    const record = this.#roster.get(connection);
    if (!record || !this.#roster.driver.removeIdle(connection)) return done(true);
    this.#prove(connection, record, by, 'idle', (proof) => done(isAlive(proof)));
  }

  /** The pool's limit allows one connection more. */
  get hasRoom(): boolean {
    return this.#dialer.hasRoom;
  }

  /** Begins to open a connection that nobody waits for, unless one is being opened. */
  open(): boolean {
    return this.opening === 0 && this.#dialer.dial();
  }

  /** Stops for good, and gives back those who still stand in line. */
  stop(): readonly Waiter<C>[] {
    this.#attempts.stop();
    this.#dialer.stop();
    this.#limits.stop();
    this.#roster.leaks?.stop();
    this.#roster.keeper?.stop();
    return this.#line.dissolve();
  }

  /** A borrow that cannot be answered at once joins the line, if the pool lets it. */
  #stand(deliver: Deliver<C>, failFast: boolean): void {
    const { driver, clock } = this.#roster;
    // One borrower may stand for each connection that is not lent, whatever state it is in.
    const places = driver.limit() - (this.busy - this.#roster.count.draining);
    const waiting = this.#line.length - places;
    if (waiting >= 0 && driver.refuses(waiting, deliver)) return;
    this.join(new Waiter(deliver, clock.now(), failFast));
  }

  /** Joins the line, whatever the pool's own limits for waiting say. */
  join(waiter: Waiter<C>): void {
    this.#line.push(waiter);
    if (this.#dialer.failing) this.#line.attend(this.#line.length);
    this.#attempts.pump();
  }

  #prove(
    connection: C,
    record: ConnectionRecord,
    by: 'look' | 'ping',
    origin: Origin,
    then?: (proof: Proof) => void,
  ): void {
    this.#roster.enter(record, 'proving');
    const proven = (proof: Proof): void => {
      this.#attempts.noteProven(record);
      this.#proven(connection, record, proof, origin);
      then?.(proof);
    };
    this.#prover.prove(connection, record, by, proven, () => {
      this.#attempts.hedge(record, () => this.#prover.giveUp(record));
    });
  }

  #proven(connection: C, record: ConnectionRecord, proof: Proof, origin: Origin): void {
    if (proof === 'healthy' && record.state === 'proving') {
      record.judgedAt = this.#roster.clock.glance();
      this.#place(connection, record, origin);
    } else if (proof === 'busy' && record.state === 'proving') {
      this.#returns.drain(connection, record, origin);
    } else if (!isAlive(proof)) {
      if (proof === 'ping-timeout') {
        // Where one is silent the others are doubtful: none is tried before a fresh one is opened.
        this.#roster.suspectAll();
        this.#attempts.wantFresh();
      }
      this.#roster.discard(connection, record, proof);
    }
    this.#attempts.pump();
  }

  #opened(connection: C, record: ConnectionRecord, endsOutage: boolean): void {
    const { clock, count } = this.#roster;
    if (count.late > 0) this.#prover.overtaken(record.peer, clock.now() - record.gapMs);
    this.#roster.keeper?.opened(record);
    if (endsOutage) this.#line.neglectBehind(this.#attempts.count);
    // After a standstill its welcome is read first, and a close behind it only later.
    if (this.#roster.limits.mustBeKnown) this.#limits.read(connection, record, 'dial');
    else if (record.gapMs >= STANDSTILL_MS) this.#prove(connection, record, 'look', 'dial');
    else this.#place(connection, record, 'dial');
    this.#attempts.pump();
  }

  #openFailed(error: Error, hopeless: boolean): void {
    if (this.#attempts.stopped) return;
    this.#roster.keeper?.openFailed();
    const { proving, draining } = this.#roster.count;
    const places = this.busy > draining ? this.#roster.driver.limit() - this.busy : Infinity;
    this.#line.refuseDial(error, hopeless, proving + draining, places);
    this.#attempts.pump();
  }

  /** A lease ended. With somebody in line, and long after its last answer, it is validated first. */
  #returned(connection: C, record: ConnectionRecord, origin: Origin): void {
    const by = this.#line.length > 0 ? this.#triage.doubts(record) : undefined;
    // Its last answer may be noted only in the next tick.
    if (by && record.busy) this.#returns.drain(connection, record, origin);
    else if (by) this.#prove(connection, record, by, origin);
    else this.#place(connection, record, origin);
  }

  /** Gives a connection that may be lent to the head of the line, or to the idle ones. */
  #place(connection: C, record: ConnectionRecord, origin: Origin): void {
    const { limits, driver, health } = this.#roster;
    // Its last use is near enough to now, and costs no look at the clock.
    const end = outlived(record, record.idleSince, health);
    if (end) return this.#roster.retire(connection, record, end.reason);
    if (limits.violation) this.#line.refuse(limits.violation, () => true);
    const waiter = this.#line.shift();
    if (waiter) {
      if (origin === 'idle') driver.acquired(connection);
      return this.#lending.lend(connection, record, waiter);
    }
    if (origin === 'dial') {
      record.busy = driver.busy(connection);
      record.isLetGo = record.isUnasked && driver.letGo(connection);
    }
    this.#roster.enter(record, 'idle');
    if (origin === 'idle') driver.restoreIdle(connection, this.#roster.placeOf(record));
    else driver.putIdle(connection);
    this.#limits.wanted(record);
  }

  /** A connection turned out bad at its hand-over: who was to get it is still the first in line. */
  #again(taker: Taker<C>, { order }: ConnectionRecord): void {
    const now = this.#roster.clock.now();
    const waiter = taker instanceof Waiter ? taker : new Waiter(taker, now, false, order);
    if (this.#attempts.stopped) return this.#roster.driver.rejoin(waiter);
    this.#line.putBack(waiter);
    this.#attempts.pump();
  }
}
