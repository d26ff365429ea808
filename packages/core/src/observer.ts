import { judge, type Verdict } from './judge.ts';
import type { Deliver } from './line.ts';
import type { Roster } from './roster.ts';

/**
 * What stands in the gate's place with `enabled: 'observe'`: it judges and reports, and leaves every
 * borrow and release to the driver.
 */
export class Observer<C extends object> {
  readonly #roster: Roster<C>;

  constructor(roster: Roster<C>) {
    this.#roster = roster;
  }

  /**
   * A borrow is about to meet this idle connection, if any: what the gate would say of it. Returns
   * what the driver should call when it has lent one.
   */
  borrows(next: C | undefined, deliver: Deliver<C>): Deliver<C> {
    this.#roster.counters.borrows++;
    if (next) this.#judge(next);
    return (error, connection) => {
      if (connection) this.#lent(connection);
      deliver(error, connection);
    };
  }

  /** A lease ends. */
  releases(connection: C): void {
    const record = this.#roster.get(connection) ?? this.#roster.enroll(connection, 'idle');
    const now = this.#roster.clock.glance();
    record.idleSince = now;
    this.#roster.heard(connection, record, now);
    // Its answers are not watched, so nothing is known of the time between them.
    record.gapMs = 0;
  }

  /** The driver dropped a connection. */
  removes(connection: C): void {
    const record = this.#roster.get(connection);
    if (record) this.#roster.noteRemoved(connection, record);
  }

  #judge(connection: C): void {
    const roster = this.#roster;
    const { clock, policy, health, counters } = roster;
    const record = roster.get(connection) ?? roster.enroll(connection, 'idle');
    const now = clock.glance();
    const dead = roster.defect(connection, record) !== undefined;
    const judged = judge(record, now, clock.awake(now), policy, health).verdict;
    const verdict: Verdict = dead ? 'evict' : judged;
    if (verdict === 'use') counters.used++;
    else {
      roster.emit('verdict', () => {
        return { connection: roster.view(record), verdict, observed: true };
      });
    }
  }

  /** One that was not known before has just been opened. */
  #lent(connection: C): void {
    if (this.#roster.get(connection)) return;
    this.#roster.enroll(connection, 'leased');
    this.#roster.counters.opened++;
  }
}
