import type { ConnectionRecord } from './connection-record.ts';
import { isAlive, type Prover } from './prover.ts';
import type { Roster } from './roster.ts';

/**
 * Keeps connections alive that somebody holds and does not use (option `keepHeld`), but never one inside
 * a transaction: one that was forgotten must end, and its locks with it. That is reported.
 */
export class KeepHeld<C extends object> {
  readonly #roster: Roster<C>;
  readonly #prover: Prover<C>;
  /** Since when they have been idle in the transaction that was reported. */
  readonly #reported = new WeakMap<ConnectionRecord, number>();

  constructor(roster: Roster<C>, prover: Prover<C>) {
    this.#roster = roster;
    this.#prover = prover;
  }

  /** A lent connection has been silent for long. */
  attend(connection: C, record: ConnectionRecord): void {
    const { driver, policy } = this.#roster;
    if (!policy.keepHeld || driver.busy(connection) || record.keepalive) return;
    if (record.session.inTransaction) this.#report(record);
    else this.#ping(connection, record);
  }

  #report(record: ConnectionRecord): void {
    if (this.#reported.get(record) === record.silentSince) return;
    this.#reported.set(record, record.silentSince);
    this.#roster.emit('idleInTransaction', () => ({ connection: this.#roster.view(record) }));
    this.#roster.warn(
      'a held connection is idle inside a transaction, so it is not kept alive (keepHeld): its locks ' +
        "last until the server's wait_timeout ends it. Commit or roll back when the work is done.",
    );
  }

  /** The holder's next statement waits for this ping: behind it, it would share its fate. */
  #ping(connection: C, record: ConnectionRecord): void {
    const lease = record.judgedAt;
    this.#roster.counters.keepalives++;
    let ended = (): void => {};
    record.keepalive = new Promise((resolve) => {
      ended = resolve;
    });
    this.#prover.ping(connection, record, (proof) => {
      record.keepalive = undefined;
      const isHeld = record.state === 'leased' && record.judgedAt === lease;
      if (!isAlive(proof) && isHeld) this.#roster.discard(connection, record, proof);
      else if (!isAlive(proof)) record.suspect = true;
      ended();
    });
  }
}
