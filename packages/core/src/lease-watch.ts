import type { ConnectionRecord, ConnectionState } from './connection-record.ts';
import { executedOf, type Evidence, type FailedStatement } from './executed.ts';
import { classify, type DriverError, type Failure } from './failures.ts';
import { noteFate, type Fate } from './fates.ts';
import { isRepeatable, type Retry } from './retry.ts';
import type { Roster } from './roster.ts';

/** The least `wait_timeout` that a server can be given, where the session's own is not known. */
const LEAST_WAIT_TIMEOUT_MS = 1_000;
/**
 * An answer may be told when its lease has just ended, with a command still under way; or when its
 * connection is closed already, by what came right behind it.
 */
const OF_A_LEASE: ReadonlySet<ConnectionState> = new Set(['leased', 'draining', 'closed']);

/** Clocks and timers of two machines are not the same to the last millisecond. */
const NEARLY = 0.9;

/**
 * Watches what passes on lent connections, just enough to know: is a transaction open, which
 * session state exists, and did an error spoil the connection or all of its generation.
 */
export class LeaseWatch<C extends object> {
  readonly #roster: Roster<C>;
  readonly #retry: Retry;
  readonly #dropGeneration: () => void;

  constructor(roster: Roster<C>, retry: Retry, dropGeneration: () => void) {
    this.#roster = roster;
    this.#retry = retry;
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
    if (OF_A_LEASE.has(record.state)) record.session.answered(status);
  }

  /** The session began anew, by COM_CHANGE_USER or COM_RESET_CONNECTION. */
  restarted(connection: C, as?: string): void {
    const record = this.#roster.get(connection);
    if (!record) return;
    this.#rest(connection, record);
    record.session.restarted(as);
  }

  /** A command failed: the `statement` of the application's that it was, if it was one. */
  failed(connection: C, error: DriverError, statement?: FailedStatement): void {
    const record = this.#roster.get(connection);
    if (!record) return;
    const { driver } = this.#roster;
    const failure = classify(driver.failures(connection), error);
    const { scope } = failure;
    // An ordinary error is an answer too; it says nothing of the transaction.
    if (scope === 'statement') {
      if (statement && record.state === 'leased') record.session.refused(statement.sql);
      return this.#rest(connection, record);
    }
    let { executed } = failure;
    if (statement) {
      executed = executedOf(failure, error, statement, this.#evidence(connection, record));
      this.#lost(connection, record, error, statement.sql, { failure, executed, scope });
    }
    record.poisoned = true;
    // What ended one may have ended others, a restart of the server for example.
    this.#roster.suspectAll();
    if (record.state !== 'proving') this.#roster.learned.excuse(this.#roster.clock.glance());
    // A ping of ours that fails is told as a failed validation.
    if (record.state !== 'proving') {
      this.#roster.emit('failure', () => {
        return { connection: this.#roster.view(record), scope, executed, error };
      });
    }
    if (scope === 'generation') this.#dropGeneration();
  }

  #evidence(connection: C, record: ConnectionRecord): Evidence {
    const { driver, clock } = this.#roster;
    // A stream of the application's own need not count its bytes.
    const bytes: number | undefined = driver.bytesRead(connection);
    const silentMs = clock.awake(clock.glance()) - record.heardAt;
    return {
      heardNothing: bytes !== undefined && bytes >= 0 && bytes === record.bytesAtRest,
      wasIdle: silentMs >= (record.waitTimeoutMs ?? LEAST_WAIT_TIMEOUT_MS) * NEARLY,
    };
  }

  #lost(
    connection: C,
    record: ConnectionRecord,
    error: DriverError,
    sql: string,
    { failure, executed, scope }: Pick<Fate, 'executed' | 'scope'> & { failure: Failure },
  ): void {
    record.session.lost(sql, executed);
    const { retry } = this.#roster.policy;
    const repeatable = !failure.givenUp && isRepeatable(retry, record.session, sql, executed);
    noteFate(error, { executed, scope, repeatable, connection: this.#roster.view(record) });
    this.#retry.lost(error, connection);
  }

  /** A ping or a reading of ours ends the silence, but is no use by the application. */
  #rest(connection: C, record: ConnectionRecord): void {
    const now = this.#roster.clock.glance();
    this.#roster.heard(connection, record, now);
    // With some drivers the answer is told one tick after the release.
    if (record.state === 'proving') return;
    record.idleSince = now;
  }
}
