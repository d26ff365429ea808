import { Backoff } from './backoff.ts';
import type { Timer } from './clock.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { deadline } from './deadline.ts';
import { Dials } from './dials.ts';
import { dialTimeout } from './errors.ts';
import { classify } from './failures.ts';
import { followName } from './name-changes.ts';
import type { Roster } from './roster.ts';

/** The fewest round trips that a dial takes: TCP's handshake, the server's greeting, and the login. */
const ROUND_TRIPS = 3;

/** After an outage, the least time between two dials: many processes begin anew at the same time. */
const RECOVERY_PACE_MS = 250;
/** And for so long at most. */
const LONGEST_RECOVERY_MS = 10_000;

/** What the gate does when a dial ends. */
export interface DialOutcome<C> {
  opened(connection: C, record: ConnectionRecord, endsOutage: boolean): void;
  /** `hopeless`: trying again cannot help. */
  failed(error: Error, hopeless: boolean): void;
  /** Another dial may be tried: the pause after a failure is over, or a dial takes very long. */
  ready(): void;
}

/** A dial that the pool makes by itself, which the gate only hears of. */
export interface ForeignDial<C> {
  /** It will take longer: the pool has failed and will try again. */
  failed(): void;
  /** It is over, with a connection or without. */
  ended(connection?: C): void;
}

/**
 * Opens connections: in parallel, as the driver does, until a dial fails or hangs; from then on one
 * at a time with a pause after each failure, until one succeeds; and then four a second, for as long as
 * the pool takes to fill at that pace.
 */
export class Dialer<C extends object> {
  /** Dials of ours. */
  readonly own: Dials;
  /** Dials that the pool makes by itself. */
  readonly foreign: Dials;
  /** The last real reason why a connection could not be opened; forgotten once one could. */
  lastError: Error | undefined;
  readonly #roster: Roster<C>;
  readonly #outcome: DialOutcome<C>;
  readonly #backoff: Backoff;
  #notBefore = -Infinity;
  /** Until then an outage that is over has its effect. */
  #recoversUntil = -Infinity;
  #pause: Timer | undefined;

  constructor(roster: Roster<C>, outcome: DialOutcome<C>, random: () => number) {
    this.#roster = roster;
    this.#outcome = outcome;
    this.#backoff = new Backoff(random);
    const { clock, policy } = roster;
    const ready = (): void => outcome.ready();
    this.own = new Dials(clock, policy.validationTimeoutMs, ready);
    this.foreign = new Dials(clock, policy.validationTimeoutMs, ready);
  }

  /** The last dial failed. */
  get failing(): boolean {
    return this.#backoff.failing;
  }

  /** The pool's limit allows one connection more. */
  get hasRoom(): boolean {
    const { driver } = this.#roster;
    return driver.total() < driver.limit();
  }

  /** Nothing is being opened, and nothing forbids to. */
  get isAtRest(): boolean {
    return !this.failing && this.own.count + this.foreign.count === 0;
  }

  /** Starts a dial if the pool has room and no failure forbids it. */
  dial(): boolean {
    if (!this.hasRoom) return false;
    // While something is wrong, one at a time: a dial has failed or hangs, or a ping does.
    const hangs = this.own.count > this.own.hopeful || this.#roster.count.late > 0;
    const oneAtATime = this.failing || hangs;
    if (oneAtATime && this.own.hopeful > 0) return false;
    if ((oneAtATime || this.#recovers) && this.#mustPause()) return false;
    this.#start();
    return true;
  }

  /** See `Gate.poolOpens`. */
  poolOpens(): ForeignDial<C> {
    const dial = this.foreign.begin(this.#roster.health.generation);
    return {
      failed: () => {
        dial.giveUpHope();
        this.#outcome.ready();
      },
      ended: (connection) => {
        const durationMs = dial.end();
        // One that took no time was only heard of when it was over.
        if (connection && durationMs >= 1) this.#guessPing(durationMs);
        if (connection) this.#opened(connection, dial.generation, durationMs);
        else this.#outcome.ready();
      },
    };
  }

  /** Calls off the pause; dials under way end by themselves. */
  stop(): void {
    this.#pause?.cancel();
    this.#pause = undefined;
  }

  get #recovers(): boolean {
    return this.#recoversUntil > -Infinity && this.#roster.clock.now() < this.#recoversUntil;
  }

  /** It is too early for a dial; the outcome hears when it is time. */
  #mustPause(): boolean {
    if (this.#pause) return true;
    const { clock } = this.#roster;
    const pauseMs = this.#notBefore - clock.now();
    if (pauseMs <= 0) return false;
    this.#pause = clock.timer(pauseMs, () => this.#resume(), 'busy');
    return true;
  }

  #resume(): void {
    this.#pause = undefined;
    this.#outcome.ready();
  }

  #start(): void {
    const { driver, clock, policy, health } = this.#roster;
    const dial = this.own.begin(health.generation);
    if (this.#recovers) this.#notBefore = clock.now() + RECOVERY_PACE_MS;
    // Whoever waited for it has given up by then, and the next one needs a dial of his own.
    const timer = deadline(clock, policy.connectionTimeoutMs, () => {
      abort(dialTimeout(policy.connectionTimeoutMs));
    });
    const abort = driver.dial((error, connection) => {
      timer.cancel();
      const durationMs = dial.end();
      if (error) this.#failed(error, durationMs);
      else if (connection) {
        this.#guessPing(durationMs);
        this.#opened(connection, dial.generation, durationMs);
      }
    });
  }

  #guessPing(dialMs: number): void {
    this.#roster.usualPing.guess(dialMs / ROUND_TRIPS);
  }

  #opened(connection: C, generation: number, durationMs: number): void {
    const endsOutage = this.failing;
    if (endsOutage) this.#recover();
    this.#backoff.succeeded();
    this.lastError = undefined;
    this.#roster.counters.opened++;
    const record = this.#roster.enroll(connection, 'proving', generation);
    record.gapMs = durationMs;
    followName(this.#roster, connection);
    this.#roster.emit('opened', () => ({ connection: this.#roster.view(record), durationMs }));
    this.#outcome.opened(connection, record, endsOutage);
  }

  #recover(): void {
    const { clock, driver } = this.#roster;
    const now = clock.now();
    const missing = driver.limit() - driver.total();
    this.#recoversUntil = now + Math.min(LONGEST_RECOVERY_MS, missing * RECOVERY_PACE_MS);
    this.#notBefore = now + RECOVERY_PACE_MS;
  }

  #failed(error: Error, durationMs: number): void {
    const { permanent = false } = classify(this.#roster.driver.failures(), error);
    // The first that does not get through: the server may have gone, or the way to it.
    if (!this.failing && !permanent) this.#roster.suspectAll();
    this.#roster.learned.excuse(this.#roster.clock.glance());
    const backoffMs = this.#backoff.next();
    this.#notBefore = this.#roster.clock.now() + backoffMs;
    this.lastError = error;
    this.#roster.counters.openFailures++;
    this.#roster.emit('openFailed', () => ({ error, durationMs, backoffMs }));
    this.#outcome.failed(error, permanent);
  }
}
