import type { CloseReason } from '@pool-lifeguard/core';

/** One question to the database as its asker sees it: one call of the ORM. */
export interface QueryEntry {
  /** `user 3`, or `job`. */
  readonly who: string;
  readonly kind: 'read' | 'post';
  readonly startMs: number;
  endMs?: number;
  error?: string;
  /** Nobody answered within the limit, and the asker gave up. */
  unanswered?: boolean;
}

/** The time for which a connection was lent. */
export interface LeaseEntry {
  readonly startMs: number;
  endMs?: number;
}

/** How a socket ended, as this process saw it. */
export type SocketEnd = 'fin' | 'reset' | 'local';

/** Why Lifeguard closed a connection; `look` when a look had found out that it was dead. */
export type GuardReason = Exclude<CloseReason, 'closed' | 'removed'> | 'look';

/** One physical connection, from its login to the end of its socket. */
export interface ConnectionEntry {
  /** The server's number for it. */
  readonly serverId: number;
  readonly openedMs: number;
  readonly leases: LeaseEntry[];
  closedMs?: number;
  socketEnd?: SocketEnd;
  /** Set where Lifeguard closed it. */
  guardReason?: GuardReason;
  /** The application was closing its whole pool. */
  shutdown?: boolean;
}

/** Something that Lifeguard did. */
export interface GuardAct {
  readonly atMs: number;
  readonly act: 'moved' | 'dial-failed';
}

/** A time in which the application computed and its event loop stood still. */
export interface BusyTime {
  readonly startMs: number;
  readonly endMs: number;
}

/** All that one application has seen. Times are those of `nowMs`. */
export interface ApplicationLog {
  readonly queries: QueryEntry[];
  readonly connections: ConnectionEntry[];
  readonly acts: GuardAct[];
  readonly busy: BusyTime[];
}
