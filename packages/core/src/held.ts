import type { ConnectionRecord } from './connection-record.ts';
import { LifeguardError } from './errors.ts';
import { doubt, USE } from './judge.ts';
import { isAlive, type Prover } from './prover.ts';
import type { Roster } from './roster.ts';
import { isRollback, readStatement } from './statements.ts';

/** What the holder of a connection does next: go on with it, or with a fresh one. */
export type HeldVerdict = 'keep' | 'move';

/**
 * Judges connections that somebody holds for more than one statement, at the moment he is about to
 * send the next one. A dead one is moved only where the holder cannot notice: outside a
 * transaction as seen on the wire, without session state that a fresh connection lacks, and not for
 * a statement that reads the old session.
 */
export class HeldConnections<C extends object> {
  readonly #roster: Roster<C>;
  readonly #prover: Prover<C>;
  /** What holders lost by a rollback that moved them, to be told at their next statement. */
  readonly #owed = new WeakMap<object, LifeguardError>();
  /** Dead connections that were given up. */
  readonly #given = new WeakSet<ConnectionRecord>();

  constructor(roster: Roster<C>, prover: Prover<C>) {
    this.#roster = roster;
    this.#prover = prover;
  }

  /**
   * @param sql the statement about to be sent, where it is known.
   * @param holder who holds the connection, the same object through all connections he gets.
   * @returns at once while the connection is above doubt; else a promise.
   * @throws LifeguardError (rejects with) `LIFEGUARD_TRANSACTION_LOST`,
   *   `LIFEGUARD_TRANSACTION_UNKNOWN` or `LIFEGUARD_SESSION_LOST`, once: the connection is given up by then, and the holder's next use needs a fresh one.
   */
  check(
    connection: C,
    sql: string | undefined,
    holder: object = connection,
  ): HeldVerdict | Promise<HeldVerdict> {
    const record = this.#roster.get(connection);
    if (!record) return 'keep';
    const owed = this.#owed.get(holder);
    if (owed) {
      this.#owed.delete(holder);
      this.#tellLoss(record, owed);
      return Promise.reject(owed);
    }
    const { driver, clock, policy, health } = this.#roster;
    if (record.keepalive) return record.keepalive.then(() => this.check(connection, sql, holder));
    if (record.state === 'closed') return this.#dead(connection, record, sql, holder);
    // A command under way: the holder has not come to rest, the driver will tell him.
    if (record.state !== 'leased' || driver.busy(connection)) return 'keep';
    if (this.#roster.defect(connection, record)) {
      return this.#dead(connection, record, sql, holder);
    }
    const now = clock.glance();
    const judgement = doubt(record, now, clock.awake(now), policy, health);
    if (judgement === USE) return 'keep';
    const by = judgement.verdict === 'ping' ? 'ping' : 'look';
    return new Promise((resolve, reject) => {
      this.#prover.prove(connection, record, by, (proof) => {
        if (isAlive(proof)) resolve('keep');
        else this.#dead(connection, record, sql, holder).then(resolve, reject);
      });
    });
  }

  async #dead(
    connection: C,
    record: ConnectionRecord,
    sql: string | undefined,
    holder: object,
  ): Promise<HeldVerdict> {
    const error = isRollback(sql) ? undefined : this.#loss(record, sql);
    // A rollback only asks for what has happened anyway, so it works; what else the session had is
    // told afterwards.
    const { state } = record.session;
    if (!error && state.length > 0) this.#owed.set(holder, sessionLost(state));
    // Statements of the same moment ask one by one; the connection is given up once.
    const first = !this.#given.has(record);
    this.#given.add(record);
    this.#roster.discard(connection, record, 'closed');
    if (error) {
      if (first) this.#tellLoss(record, error);
      throw error;
    }
    if (first) this.#roster.counters.moved++;
    if (first) this.#roster.emit('moved', () => ({ connection: this.#roster.view(record) }));
    return 'move';
  }

  #tellLoss(record: ConnectionRecord, { code }: LifeguardError): void {
    const what = code === 'LIFEGUARD_SESSION_LOST' ? 'session' : 'transaction';
    this.#roster.counters.lost++;
    this.#roster.emit('lost', () => ({ connection: this.#roster.view(record), what }));
  }

  /** What the holder would miss on a fresh connection; undefined when nothing. */
  #loss({ session }: ConnectionRecord, sql = ''): LifeguardError | undefined {
    const { state } = session;
    const effects = readStatement(sql);
    if (session.inTransaction && session.mayHaveCommitted) return transactionUnknown(state);
    if (session.inTransaction && !effects.rollsBack) return transactionLost(state);
    const reads = effects.readsSession ? ['what earlier statements left in the session'] : [];
    const missing = [...state, ...reads];
    return missing.length > 0 ? sessionLost(missing) : undefined;
  }
}

function transactionUnknown(state: readonly string[]): LifeguardError {
  return new LifeguardError(
    'LIFEGUARD_TRANSACTION_UNKNOWN',
    'The connection was lost while the end of its transaction was under way, so whether the ' +
      'transaction is stored is not known; this statement was not sent. Find out before you run ' +
      `the transaction again.${also(state)}`,
  );
}

function also(state: readonly string[]): string {
  return state.length > 0 ? ` Lost with the session: ${state.join(', ')}.` : '';
}

/** The error of a statement whose transaction is gone, and with it `state` of the session. */
export function transactionLost(state: readonly string[] = []): LifeguardError {
  return new LifeguardError(
    'LIFEGUARD_TRANSACTION_LOST',
    'The connection of this transaction was closed by the other side, so the server has rolled ' +
      'the transaction back: nothing of it is stored, and this statement was not sent. Roll back ' +
      `and run the whole transaction again.${also(state)}`,
  );
}

function sessionLost(missing: readonly string[]): LifeguardError {
  return new LifeguardError(
    'LIFEGUARD_SESSION_LOST',
    'The held connection was closed by the other side, and its session is lost with it: ' +
      `${missing.join(', ')}. This statement was not sent; the next one runs on a fresh ` +
      'connection, so set the session up again first.',
  );
}
