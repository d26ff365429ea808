import type { Timer } from './clock.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { Deliver } from './line.ts';
import type { Roster } from './roster.ts';

/** How many calls of a stack are kept: the application's own stand behind those of its ORM. */
const STACK_DEPTH = 50;

/** One lease that is watched. */
interface Lease {
  readonly since: number;
  readonly stack: string;
  readonly timer: Timer;
  reported: boolean;
}

/**
 * Reports leases that are held for longer than `leakDetectionThreshold`, with the stack that took them,
 * and again when they end after all. Source: HikariCP `ProxyLeakTask`.
 */
export class Leaks<C extends object> {
  readonly #roster: Roster<C>;
  readonly #leases = new Map<ConnectionRecord, Lease>();
  #stopped = false;

  constructor(roster: Roster<C>) {
    this.#roster = roster;
  }

  /** Watches the lease that a borrow leads to; to be called where it is asked for. */
  watch(deliver: Deliver<C>): Deliver<C> {
    const stack = stackHere();
    return (error, connection) => {
      if (connection) this.#begin(connection, stack);
      deliver(error, connection);
    };
  }

  /** A lease has ended. */
  ended(record: ConnectionRecord): void {
    const lease = this.#leases.get(record);
    if (!lease) return;
    this.#leases.delete(record);
    lease.timer.cancel();
    if (!lease.reported) return;
    const { stack } = lease;
    const heldMs = this.#roster.clock.now() - lease.since;
    this.#roster.emit('leakReturned', () => {
      return { connection: this.#roster.view(record), heldMs, stack };
    });
  }

  /** The guard goes. */
  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#leases.values()) timer.cancel();
    this.#leases.clear();
  }

  #begin(connection: C, stack: string): void {
    const { clock, policy } = this.#roster;
    const record = this.#roster.get(connection);
    if (!record || this.#stopped) return;
    const timer = clock.timer(policy.leakDetectionMs, () => this.#report(record), 'idle');
    this.#leases.set(record, { since: clock.now(), stack, timer, reported: false });
  }

  #report(record: ConnectionRecord): void {
    const lease = this.#leases.get(record);
    if (!lease) return;
    const { stack, since } = lease;
    const roster = this.#roster;
    const heldMs = roster.clock.now() - since;
    lease.reported = true;
    roster.counters.leaks++;
    roster.emit('leakSuspected', () => ({ connection: roster.view(record), heldMs, stack }));
    roster.warn(
      `a connection is held for longer than ${roster.policy.leakDetectionMs} ms ` +
        `(leakDetectionThreshold); it may have leaked. It was taken\n${stack}`,
    );
  }
}

function stackHere(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = STACK_DEPTH;
  const { stack = '' } = new Error('taken');
  Error.stackTraceLimit = stackTraceLimit;
  return stack.slice(stack.indexOf('\n') + 1);
}
