import type { ConnectionRecord } from './connection-record.ts';
import { doubt, judge, USE, type Verdict } from './judge.ts';
import type { Roster } from './roster.ts';

/** What is done about a connection that cannot be lent as it is. */
export interface TriageHost<C> {
  prove(connection: C, record: ConnectionRecord, by: 'look' | 'ping'): void;
  drain(connection: C, record: ConnectionRecord): void;
}

/** Sorts the idle connections that a borrow meets: lend it, close it, or begin to find out. */
export class Triage<C extends object> {
  readonly #roster: Roster<C>;
  readonly #host: TriageHost<C>;

  constructor(roster: Roster<C>, host: TriageHost<C>) {
    this.#roster = roster;
    this.#host = host;
  }

  /** The record of a connection that may be lent at once; otherwise it is taken care of. */
  usable(connection: C): ConnectionRecord | undefined {
    const roster = this.#roster;
    const record = roster.get(connection) ?? roster.enroll(connection, 'idle');
    const { clock } = roster;
    const now = clock.glance();
    const judgement = judge(record, now, clock.awake(now), roster.policy, roster.health);
    if (judgement.verdict === 'evict') {
      this.#tell(record, 'evict');
      roster.retire(connection, record, judgement.reason);
      return undefined;
    }
    if (roster.busy(connection, record)) {
      this.#host.drain(connection, record);
      return undefined;
    }
    const defect = roster.defect(connection, record);
    if (defect) {
      roster.discard(connection, record, defect);
      return undefined;
    }
    record.judgedAt = now;
    if (judgement === USE) return this.#used(connection, record);
    const by = judgement.verdict === 'ping' ? 'ping' : 'look';
    this.#tell(record, by);
    this.#host.prove(connection, record, by);
    return undefined;
  }

  /** How a connection must be validated before it goes from one borrower to the next, if at all. */
  doubts(record: ConnectionRecord): 'look' | 'ping' | undefined {
    const { clock, policy, health } = this.#roster;
    const now = clock.glance();
    record.judgedAt = now;
    const { verdict } = doubt(record, now, clock.awake(now), policy, health);
    return verdict === 'use' ? undefined : verdict;
  }

  #used(connection: C, record: ConnectionRecord): ConnectionRecord {
    this.#roster.counters.used++;
    this.#roster.driver.acquired(connection);
    return record;
  }

  #tell(record: ConnectionRecord, verdict: Exclude<Verdict, 'use'>): void {
    this.#roster.emit('verdict', () => {
      return { connection: this.#roster.view(record), verdict, observed: false };
    });
  }
}
