import type { ConnectionRecord } from './connection-record.ts';
import { deadline } from './deadline.ts';
import type { Origin } from './lending.ts';
import { afterLook } from './looks.ts';
import type { Roster } from './roster.ts';

/** Something to be done on a connection between two leases. */
interface Cleaning {
  run(done: (error: Error | null) => void): void;
  /** It worked. */
  done(): void;
}

/** Where a connection goes that has come back and may be lent again. */
export interface ReturnsHost<C> {
  place(connection: C, record: ConnectionRecord, origin: Origin): void;
}

/** What happens to a connection between the end of its lease and its rest. */
export class Returns<C extends object> {
  readonly #roster: Roster<C>;
  readonly #host: ReturnsHost<C>;

  constructor(roster: Roster<C>, host: ReturnsHost<C>) {
    this.#roster = roster;
    this.#host = host;
  }

  /** A lease has ended, or what an earlier one had left to do (`origin` tells how it began). */
  comeBack(connection: C, record: ConnectionRecord, origin: Origin): void {
    const roster = this.#roster;
    const unfit = roster.unfit(connection, record);
    if (unfit) return roster.discard(connection, record, unfit);
    record.session.end();
    // What ran before the guard came was not watched, so its answers are not accounted for.
    if (record.suspect) record.bytesAtRest = roster.driver.bytesRead(connection);
    record.busy = roster.driver.busy(connection);
    const cleaning = origin === 'lease' ? this.#cleaning(connection, record) : undefined;
    if (!cleaning) this.#host.place(connection, record, origin);
    else if (record.busy) this.drain(connection, record, origin);
    else this.#clean(connection, record, cleaning);
  }

  /** What must be done before anyone else gets the connection; mostly nothing. */
  #cleaning(connection: C, record: ConnectionRecord): Cleaning | undefined {
    const { driver } = this.#roster;
    const reset = driver.resetOf(connection);
    if (reset) return { run: reset, done: () => record.session.restarted() };
    if (!record.session.inTransaction) return undefined;
    const rollback = driver.rollbackOf(connection);
    return rollback && { run: rollback, done: () => record.session.rolledBack() };
  }

  /**
   * Lets the commands of before its release run to their end, as the next borrower would have: code
   * may release a connection while its last query still runs.
   */
  drain(connection: C, record: ConnectionRecord, origin: Origin): void {
    this.#roster.enter(record, 'draining');
    const end = (error: Error | null): void => {
      if (record.state !== 'draining') return;
      if (error) this.#roster.discard(connection, record, 'ping-failed');
      else this.comeBack(connection, record, origin);
    };
    // A command that is just ending is gone in a moment; behind any other one a ping waits its turn.
    process.nextTick(() => {
      if (record.state !== 'draining') return;
      if (!this.#roster.busy(connection, record)) return end(null);
      const { driver, clock } = this.#roster;
      driver.ping(connection, (error) => afterLook(clock, () => end(error)));
    });
  }

  /** The driver's own reset at release, or our rollback, under a deadline that the driver does not have. */
  #clean(connection: C, record: ConnectionRecord, { run, done }: Cleaning): void {
    const roster = this.#roster;
    roster.enter(record, 'resetting');
    if (record.session.inTransaction) this.#tellRollback(record);
    const end = (good: boolean): void => {
      timer.cancel();
      if (record.state !== 'resetting') return;
      if (!good) return roster.discard(connection, record, 'reset-failed');
      done();
      roster.heard(connection, record, roster.clock.glance());
      record.busy = roster.driver.busy(connection);
      this.#host.place(connection, record, 'lease');
    };
    const timer = deadline(roster.clock, roster.policy.validationTimeoutMs, () => end(false));
    run((error) => end(!error));
  }

  #tellRollback(record: ConnectionRecord): void {
    const roster = this.#roster;
    roster.counters.rollbacks++;
    roster.emit('rolledBack', () => ({ connection: roster.view(record) }));
    roster.warn(
      'a connection was released inside an open transaction, which is rolled back before anyone ' +
        'else gets the connection. Commit or roll back before the release.',
    );
  }
}
