import type { ConnectionRecord } from './connection-record.ts';
import { nextOrder, Waiter, type Deliver } from './line.ts';
import { STANDSTILL_MS } from './looks.ts';
import type { Roster } from './roster.ts';

/** Where a connection comes from that may be lent: it decides which events the driver shows. */
export type Origin = 'lease' | 'idle' | 'dial';

/** Who gets the connection: one from the line, or a borrower who never had to stand in it. */
export type Taker<C> = Deliver<C> | Waiter<C>;

/** What the gate does when a lent connection turns out unfit at the last moment. */
export interface LendingHost<C> {
  /** The taker is still the first in line. */
  again(taker: Taker<C>, record: ConnectionRecord): void;
  /** Commands of before its release still run. */
  drain(connection: C, record: ConnectionRecord): void;
  /** The process stood still meanwhile, so nothing is known of the connection any more. */
  look(connection: C, record: ConnectionRecord): void;
}

/** Hands connections over, one tick after the decision, as the driver does. */
export class Lending<C extends object> {
  readonly #roster: Roster<C>;
  readonly #host: LendingHost<C>;
  // Not a closure each time: a borrow on the fast path allocates nothing but its place in the tick
  // queue, and for no more than three arguments that place is cheap.
  readonly #handOver = this.handOver.bind(this);

  constructor(roster: Roster<C>, host: LendingHost<C>) {
    this.#roster = roster;
    this.#host = host;
  }

  /** Of a connection that was judged just now. */
  lend(connection: C, record: ConnectionRecord, taker: Taker<C>): void {
    this.#roster.enter(record, 'lending');
    if (!(taker instanceof Waiter)) record.order = nextOrder();
    process.nextTick(this.#handOver, connection, record, taker);
  }

  /** The hand-over. An error that the callback throws is the borrower's own. */
  handOver(connection: C, record: ConnectionRecord, taker: Taker<C>): void {
    if (!this.#fit(connection, record)) return this.#host.again(taker, record);
    this.#roster.enter(record, 'leased');
    if (record.isLetGo) this.#hold(connection, record);
    this.#roster.driver.lend(connection);
    if (taker instanceof Waiter) taker.settle(null, connection);
    else taker(null, connection);
  }

  #hold(connection: C, record: ConnectionRecord): void {
    record.isLetGo = false;
    this.#roster.driver.hold(connection);
  }

  /**
   * Within one turn what is known of a socket does not change, but the application may have closed
   * it, or the turn lasted for so long that the server has.
   */
  #fit(connection: C, record: ConnectionRecord): boolean {
    if (record.state === 'closed') return false;
    if (this.#roster.clock.glance() - record.judgedAt >= STANDSTILL_MS) {
      this.#host.look(connection, record);
      return false;
    }
    if (this.#roster.busy(connection, record)) {
      this.#host.drain(connection, record);
      return false;
    }
    const unfit = this.#roster.unfit(connection, record);
    if (unfit === undefined) return true;
    this.#roster.discard(connection, record, unfit);
    return false;
  }
}
