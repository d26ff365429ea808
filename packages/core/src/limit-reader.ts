import type { Timer } from './clock.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { deadline } from './deadline.ts';
import type { Origin } from './lending.ts';
import { afterLook } from './looks.ts';
import type { Proof } from './prover.ts';
import type { Roster } from './roster.ts';

/** A connection must have been idle this long before it is asked: nobody is in a hurry for it. */
const QUIET_MS = 50;

/** What the gate does around the reading: it counts as a validation of an idle connection. */
export interface LimitReaderHost<C> {
  done(connection: C, record: ConnectionRecord, proof: Proof, origin: Origin): void;
}

/**
 * Reads the server's idle limit of each connection once, off the user's path: one connection at a
 * time, at its first idle moment. A borrower who comes meanwhile gets it when the answer is there.
 */
export class LimitReader<C extends object> {
  readonly #roster: Roster<C>;
  readonly #host: LimitReaderHost<C>;
  #timer: Timer | undefined;
  #reading = false;
  #stopped = false;

  constructor(roster: Roster<C>, host: LimitReaderHost<C>) {
    this.#roster = roster;
    this.#host = host;
  }

  /** A connection came to rest: if its limit is not known yet, it will be read. */
  wanted(record: ConnectionRecord): void {
    if (this.#timer || this.#reading || this.#stopped || record.limitAsked) return;
    this.#timer = this.#roster.clock.timer(QUIET_MS, () => this.#next(), 'idle');
  }

  /** Reads the limit of a connection that the gate has taken. */
  read(connection: C, record: ConnectionRecord, origin: Origin): void {
    const { clock, policy } = this.#roster;
    record.limitAsked = true;
    this.#reading = true;
    let settled = false;
    const settle = (proof: Proof): void => {
      if (settled) return;
      settled = true;
      this.#reading = false;
      timer.cancel();
      this.#host.done(connection, record, proof, origin);
      this.#next();
    };
    const timer = deadline(clock, policy.validationTimeoutMs, () => settle('ping-timeout'));
    // After a freeze it may be long dead, and then there is nothing to ask.
    afterLook(clock, () => {
      const defect = this.#roster.defect(connection, record);
      if (defect) settle(defect);
      else this.#ask(connection, record, settle);
    });
  }

  #ask(connection: C, record: ConnectionRecord, settle: (proof: Proof) => void): void {
    const { driver, clock } = this.#roster;
    driver.readWaitTimeout(connection, (error, waitTimeoutMs) => {
      if (record.state === 'closed') return settle('closed');
      // A failure is a word of the server or not: whoever watches the commands knows.
      if (!error) this.#roster.heard(connection, record, clock.glance());
      // Some servers say 0 where they have no limit.
      if (!error && waitTimeoutMs) this.#learn(record, waitTimeoutMs);
      // As behind a ping: the answer is read first, and a close behind it only later.
      afterLook(clock, () => settle(this.#roster.defect(connection, record) ?? 'healthy'));
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #learn(record: ConnectionRecord, waitTimeoutMs: number): void {
    const { limits, keeper } = this.#roster;
    const isNews = waitTimeoutMs !== limits.waitTimeoutMs;
    limits.learn(record, waitTimeoutMs);
    keeper?.limitChanged(isNews ? undefined : record);
    this.#roster.emit('limitRead', () => ({
      connection: this.#roster.view(record),
      waitTimeoutMs,
      idleTimeoutMs: Math.min(record.idleLimitMs, record.silenceLimitMs),
    }));
  }

  /** Asks the next idle connection whose limit is not known, if any; waits while none is quiet. */
  #next(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#stopped || this.#reading) return;
    const { driver, clock } = this.#roster;
    const now = clock.glance();
    for (const connection of driver.idle()) {
      const record = this.#roster.get(connection);
      if (!record || record.limitAsked) continue;
      if (now - record.idleSince < QUIET_MS / 2) return this.wanted(record);
      driver.removeIdle(connection);
      this.#roster.enter(record, 'proving');
      return this.read(connection, record, 'idle');
    }
  }
}
