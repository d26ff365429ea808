import type { ConnectionRecord } from './connection-record.ts';
import type { Dialer } from './dialer.ts';
import type { Lending } from './lending.ts';
import type { Roster } from './roster.ts';
import type { Triage } from './triage.ts';
import type { Waiting } from './waiting.ts';

/** What attempts are made of, and for whom. */
export interface AttemptsParts<C extends object> {
  readonly line: Waiting<C>;
  readonly dialer: Dialer<C>;
  readonly triage: Triage<C>;
  readonly lending: Lending<C>;
}

/**
 * Keeps as many attempts under way (validations of idle connections, and dials) as borrowers stand
 * in line, so that nobody waits for what could be tried meanwhile.
 */
export class Attempts<C extends object> {
  readonly #roster: Roster<C>;
  readonly #parts: AttemptsParts<C>;
  /** After a ping that timed out: dials to try before another idle connection is. */
  #freshWanted = 0;
  /** Pings that are late, the latest one last, and how to give each up. */
  readonly #late = new Map<ConnectionRecord, () => void>();
  #pumping = false;
  #stopped = false;

  constructor(roster: Roster<C>, parts: AttemptsParts<C>) {
    this.#roster = roster;
    this.#parts = parts;
  }

  /** Attempts of which something may still come soon. */
  get count(): number {
    const { own, foreign } = this.#parts.dialer;
    const { proving, late } = this.#roster.count;
    return proving - late + own.hopeful + foreign.hopeful;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Has a fresh connection tried before any other idle one. */
  wantFresh(): void {
    this.#freshWanted++;
  }

  /**
   * The ping of this connection takes longer than usual: whoever waits for it is not to wait for its end,
   * so a dial is tried beside it.
   */
  hedge(record: ConnectionRecord, giveUp: () => void): void {
    this.#roster.noteLate(record);
    if (this.#stopped) return;
    this.#late.set(record, giveUp);
    if (this.#parts.line.length === 0) return;
    this.wantFresh();
    this.#makeRoom();
    this.pump();
  }

  /** Its ping has ended, in whatever way. */
  noteProven(record: ConnectionRecord): void {
    this.#late.delete(record);
  }

  /** A full pool gives one connection up: one that nobody tries at the moment, or else a late one. */
  #makeRoom(): void {
    const { dialer } = this.#parts;
    if (dialer.hasRoom || !dialer.isAtRest) return;
    const { driver } = this.#roster;
    const [resting] = driver.idle();
    const record = resting && this.#roster.get(resting);
    if (!record || !driver.removeIdle(resting)) return this.#giveUpLate();
    this.#roster.retire(resting, record, 'hedged');
  }

  #giveUpLate(): void {
    for (const [record, giveUp] of this.#late) {
      this.#late.delete(record);
      if (record.late) return giveUp();
    }
  }

  /** Begins what is missing, as far as the pool's limit allows. */
  pump(): void {
    // Closing a connection in here comes back by `Gate.removed`; the loop goes on anyway.
    if (this.#pumping || this.#stopped) return;
    const { line } = this.#parts;
    this.#pumping = true;
    try {
      while (line.length > this.count && this.#advance());
    } finally {
      this.#pumping = false;
    }
    this.#freshWanted = Math.min(this.#freshWanted, line.length);
    line.attend(this.count);
  }

  #advance(): boolean {
    const { line, dialer, triage, lending } = this.#parts;
    if (this.#freshWanted > 0 && dialer.dial()) {
      this.#freshWanted--;
      return true;
    }
    const connection = this.#roster.driver.takeIdle();
    if (!connection) return this.#dial();
    const record = triage.usable(connection);
    const waiter = record && line.shift();
    if (record && waiter) lending.lend(connection, record, waiter);
    return true;
  }

  /** Who finds a full pool whose pings are late need not wait for their end. */
  #dial(): boolean {
    if (this.#roster.count.late > 0) this.#makeRoom();
    return this.#parts.dialer.dial();
  }
}
