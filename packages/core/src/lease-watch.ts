import type { ConnectionRecord } from './connection-record.ts';
import { classify, type DriverError } from './failures.ts';
import type { Roster } from './roster.ts';

/**
 * Watches what passes on lent connections, just enough to know: is a transaction open, which
 * session state exists, and did an error spoil the connection or all of its generation.
 */
export class LeaseWatch<C extends object> {
  readonly #roster: Roster<C>;
  readonly #dropGeneration: () => void;

  constructor(roster: Roster<C>, dropGeneration: () => void) {
    this.#roster = roster;
    this.#dropGeneration = dropGeneration;
  }

  /** A statement was handed to the connection. */
  sent(connection: C, sql: string): void {
    const record = this.#roster.get(connection);
    if (record?.state === 'leased') record.session.sent(sql);
  }

  /** The server answered something that is no statement of the application's: a ping, a prepare. */
  heard(connection: C): void {
    const record = this.#roster.get(connection);
    if (record) this.#rest(connection, record);
  }

  /** The server answered a statement; `status` where the driver shows the flags of the answer. */
  answered(connection: C, status: number | undefined): void {
    const record = this.#roster.get(connection);
    if (!record) return;
    this.#rest(connection, record);
    if (record.state === 'leased') record.session.answered(status);
  }

  /** The session began anew, by COM_CHANGE_USER or COM_RESET_CONNECTION. */
  restarted(connection: C, as?: string): void {
    const record = this.#roster.get(connection);
    if (!record) return;
    this.#rest(connection, record);
    record.session.restarted(as);
  }

  /** A command failed; `isStatement` if it was one of the application's. */
  failed(connection: C, error: DriverError, isStatement: boolean): void {
    const record = this.#roster.get(connection);
    if (!record) return;
    const { scope, executed } = classify(this.#roster.driver.failures(connection), error);
    // An ordinary error is an answer too; it says nothing of the transaction.
    if (scope === 'statement') {
      if (isStatement && record.state === 'leased') record.session.refused();
      return this.#rest(connection, record);
    }
    record.poisoned = true;
    // A ping of ours that fails is told as a failed validation.
    if (record.state !== 'proving') {
      this.#roster.emit('failure', () => {
        return { connection: this.#roster.view(record), scope, executed, error };
      });
    }
    if (scope === 'generation') this.#dropGeneration();
  }

  /** A ping or a reading of ours ends the silence, but is no use by the application. */
  #rest(connection: C, record: ConnectionRecord): void {
    const now = this.#roster.clock.glance();
    this.#roster.heard(connection, record, now);
    // With some drivers the answer is told one tick after the release.
    if (record.state !== 'proving') record.idleSince = now;
  }
}
