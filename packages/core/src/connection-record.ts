import type { LeaseSession } from './lease-session.ts';
import type { Peer } from './peers.ts';

/** The part by which jitter may shorten a limit of idle time or silence. */
export const JITTER = 0.1;

/** Why a connection left the pool. */
export type CloseReason =
  /** The other side had closed it. */
  | 'closed'
  /** It was paused, or held an unfinished command. */
  | 'unclean'
  /** A ping was not answered within `validationTimeout`. */
  | 'ping-timeout'
  /** It made room for a dial in a full pool, where pings were late. */
  | 'hedged'
  /** A ping was answered with an error. */
  | 'ping-failed'
  /** Past `maxLifetime`. */
  | 'lifetime'
  /** Unused for longer than `idleTimeout` or the server's own limit. */
  | 'idle-timeout'
  /** Of a generation that was dropped: `evictAll()`, or a failure that concerns all. */
  | 'generation'
  /** An error on its lease made it unfit for another borrower. */
  | 'poisoned'
  /** The reset at its release, or the rollback of what was open, failed or took too long. */
  | 'reset-failed'
  /** The application or the driver itself removed it. */
  | 'removed';

/** Where a connection is in its life. */
export type ConnectionState =
  /** In the driver's list of idle ones. */
  | 'idle'
  /** Being validated, or on its way from a dial to its first borrower. */
  | 'proving'
  /** Promised to a borrower, who gets it one tick later. */
  | 'lending'
  | 'leased'
  /** Released while a command still ran, which is let run to its end. */
  | 'draining'
  /** In the driver's own reset at release, or in our rollback. */
  | 'resetting'
  | 'closed';

/** A connection as events show it. */
export interface ConnectionView {
  /** Counts the connections of this pool; unlike the server's thread id it is always unique. */
  readonly id: number;
  readonly ageMs: number;
  readonly idleMs: number;
  readonly silentMs: number;
}

/** All that the policy knows of one physical connection. Times are of the monotonic clock. */
export class ConnectionRecord {
  readonly id: number;
  readonly peer: Peer;
  readonly openedAt: number;
  /** When its lifetime ends, jitter included. */
  retireAt: number;
  /** Between 0.9 and 1: every limit of its idle time and silence is shortened by it. */
  readonly jitter: number;
  /** Between 0.75 and 1, the same of its lifetime. */
  readonly lifetimeJitter: number;
  readonly generation: number;
  readonly session: LeaseSession;

  /** Changed by `Roster.enter` alone, which counts. */
  state: ConnectionState;
  /** Since when the application has not used it. */
  idleSince: number;
  /** Since when nothing was heard on it, a keepalive ping's answer included. */
  silentSince: number;
  /** When the server was last heard on it, on the clock that counts suspended time (`awake`). */
  heardAt: number;
  /** How long the server had been silent before its last word: a statement, or we, took that long. */
  gapMs = 0;
  /** What is read in the same turn does not make the gap before it any shorter. */
  gapHolds = false;
  /** The socket's `bytesRead` when it came to rest: any byte after that means it is dead. */
  bytesAtRest = 0;
  /** The longest idle time it may reach: the user's limit. */
  idleLimitMs: number;
  /** The longest silence it may reach: below the server's limit. */
  silenceLimitMs: number;
  /** The server's own idle limit for this session, once read. */
  waitTimeoutMs: number | undefined;
  /** The server's name leads to other addresses by now: it counts as of a dropped generation. */
  outdated = false;
  /** It was asked for that. */
  limitAsked = false;
  /** Must be validated at the next borrow, however recently it was used. */
  suspect = false;
  /** An error on its lease made it unfit for another one. */
  poisoned = false;
  /** Its ping is unanswered for longer than usual. Changed by the roster alone, which counts. */
  late = false;
  /** While it is lent: a ping of ours is under way. */
  keepalive: Promise<void> | undefined;
  /** The keeper has opened it: nobody asked. */
  isUnasked = false;
  /** It keeps no process alive until it is lent. */
  isLetGo = false;
  /** Commands may still run that were sent before it came back. */
  busy = false;
  /** The place, in the order of the borrows, of who was given it without standing in line. */
  order = 0;
  /** When it was last judged, by `glance`; whoever gets it then has it one tick later. */
  judgedAt: number;

  constructor(
    born: Pick<
      ConnectionRecord,
      | 'id'
      | 'peer'
      | 'generation'
      | 'state'
      | 'session'
      | 'jitter'
      | 'lifetimeJitter'
      | 'idleLimitMs'
      | 'silenceLimitMs'
    >,
    now: number,
    awake: number,
    maxLifetimeMs: number,
  ) {
    this.id = born.id;
    this.peer = born.peer;
    this.generation = born.generation;
    this.session = born.session;
    this.jitter = born.jitter;
    this.lifetimeJitter = born.lifetimeJitter;
    this.idleLimitMs = born.idleLimitMs;
    this.silenceLimitMs = born.silenceLimitMs;
    this.state = born.state;
    this.openedAt = now;
    this.judgedAt = now;
    this.idleSince = now;
    this.silentSince = now;
    this.heardAt = awake;
    this.retireAt = now + maxLifetimeMs * born.lifetimeJitter;
  }

  /** The server was heard on this connection. */
  heard(now: number, awake: number, bytesRead: number): void {
    if (!this.gapHolds) this.gapMs = awake - this.heardAt;
    this.silentSince = now;
    this.heardAt = awake;
    this.peer.heardAt = awake;
    this.bytesAtRest = bytesRead;
    this.suspect = false;
  }

  view(now: number, awake: number): ConnectionView {
    return {
      id: this.id,
      ageMs: now - this.openedAt,
      idleMs: now - this.idleSince,
      silentMs: awake - this.heardAt,
    };
  }
}
