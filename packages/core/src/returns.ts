import type { ConnectionRecord } from './connection-record.ts';
import { deadline } from './deadline.ts';
import type { Origin } from './lending.ts';
import { afterLook } from './looks.ts';
import type { Roster } from './roster.ts';

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
    const reset = origin === 'lease' ? roster.driver.resetOf(connection) : undefined;
    if (!reset) this.#host.place(connection, record, origin);
    else if (record.busy) this.drain(connection, record, origin);
    else this.#reset(connection, record, reset);
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

  /** The driver's own reset at release, under a deadline that the driver does not have. */
  #reset(
    connection: C,
    record: ConnectionRecord,
    reset: (done: (error: Error | null) => void) => void,
  ): void {
    const roster = this.#roster;
    roster.enter(record, 'resetting');
    const end = (good: boolean): void => {
      timer.cancel();
      if (record.state !== 'resetting') return;
      if (!good) return roster.discard(connection, record, 'reset-failed');
      record.session.restarted();
      roster.heard(connection, record, roster.clock.glance());
      record.busy = roster.driver.busy(connection);
      this.#host.place(connection, record, 'lease');
    };
    const timer = deadline(roster.clock, roster.policy.validationTimeoutMs, () => end(false));
    reset((error) => end(!error));
  }
}
