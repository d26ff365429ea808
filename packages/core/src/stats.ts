import type { CloseReason } from './connection-record.ts';

/** Counts since the guard began. */
export interface Counters {
  /** Borrows asked for. */
  borrows: number;
  /** Idle connections lent without validation: used a moment ago. */
  used: number;
  looks: number;
  pings: number;
  /** Pings of connections that were silent for long, while nobody wanted them. */
  keepalives: number;
  opened: number;
  openFailures: number;
  /** Borrows whose deadline passed. */
  timeouts: number;
  /** Statements that were run again on another connection (option `retry`). */
  retries: number;
  /** Leases that ended inside an open transaction, which was rolled back. */
  rollbacks: number;
  /** Leases that were held for longer than `leakDetectionThreshold`. */
  leaks: number;
  /** Held connections replaced by a fresh one, unseen by the holder. */
  moved: number;
  /** Held connections whose holder was told that a transaction or session state is lost. */
  lost: number;
}

/** What `stats()` answers: a snapshot. */
export interface PoolStats extends Counters {
  readonly poolName: string;
  readonly mode: 'on' | 'off' | 'observe';
  /** All connections of the pool: idle, lent, being validated, being opened. */
  readonly total: number;
  readonly idle: number;
  readonly lent: number;
  readonly validating: number;
  readonly opening: number;
  /** Borrows that wait in line. */
  readonly pending: number;
  /** Connections closed, by reason. */
  readonly closed: Readonly<Partial<Record<CloseReason, number>>>;
  /** The server's idle limit as last read, in milliseconds. */
  readonly waitTimeoutMs: number | undefined;
  /**
   * The idle time, in milliseconds, that connections are kept below because the other side closed
   * them beyond it, though no limit of the server says so.
   */
  readonly learnedIdleTimeoutMs: number | undefined;
}

export function newCounters(): Counters {
  return {
    borrows: 0,
    used: 0,
    looks: 0,
    pings: 0,
    keepalives: 0,
    opened: 0,
    openFailures: 0,
    timeouts: 0,
    retries: 0,
    rollbacks: 0,
    leaks: 0,
    moved: 0,
    lost: 0,
  };
}
