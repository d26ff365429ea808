import type { CloseReason, ConnectionRecord } from './connection-record.ts';
import type { Policy } from './policy.ts';

/** What the policy says of a connection at a borrow. */
export type Verdict = 'use' | 'look' | 'ping' | 'evict';

/** A verdict, and for `evict` the reason. One frozen object each, so a judgement allocates nothing. */
export type Judgement = Doubt | Eviction;
/** A verdict on a connection that is within its limits. */
export interface Doubt {
  readonly verdict: Exclude<Verdict, 'evict'>;
}
/** The verdict on a connection whose time is over. */
export interface Eviction {
  readonly verdict: 'evict';
  readonly reason: CloseReason;
}

export const USE: Doubt = Object.freeze({ verdict: 'use' });
const LOOK: Doubt = Object.freeze({ verdict: 'look' });
const PING: Doubt = Object.freeze({ verdict: 'ping' });
const EVICT_LIFETIME: Eviction = Object.freeze({ verdict: 'evict', reason: 'lifetime' });
const EVICT_IDLE: Eviction = Object.freeze({ verdict: 'evict', reason: 'idle-timeout' });
const EVICT_GENERATION: Eviction = Object.freeze({ verdict: 'evict', reason: 'generation' });

/** What is known of a whole pool: connections older than these are dropped, or doubted. */
export interface PoolHealth {
  /** Connections of an earlier generation are closed. */
  generation: number;
  /** Connections not heard since (on the `awake` clock) are suspect. */
  suspectBefore: number;
  /** The idle time, before jitter, below which closes by the other side have taught to stay. */
  readonly learned: { readonly idleMs: number };
}

/**
 * The verdict on an idle connection: a pure function of what is known of it, the time and the
 * policy.
 *
 * `now` is the monotonic clock; ages and idle times are measured by it alone, so that setting the
 * wall clock evicts nobody. `awake` also counts the time the machine was suspended; silence is
 * measured by it, so that such a time costs a validation.
 */
export function judge(
  record: ConnectionRecord,
  now: number,
  awake: number,
  policy: Policy,
  health: PoolHealth,
): Judgement {
  const end = outlived(record, now, health);
  if (end !== undefined) return end;
  // Where so many are to stay, the keeper alone closes the unused ones, and knows how many.
  if (policy.minimumIdle === 0 && now - record.idleSince >= record.idleLimitMs) return EVICT_IDLE;
  const silentMs = now - record.silentSince;
  if (silentMs >= record.silenceLimitMs || silentMs >= health.learned.idleMs * record.jitter) {
    return EVICT_IDLE;
  }
  return doubt(record, now, awake, policy, health);
}

/** Whether the connection is too old to be lent again, used or not; asked at release too. */
export function outlived(
  record: ConnectionRecord,
  now: number,
  health: PoolHealth,
): Eviction | undefined {
  if (record.generation < health.generation || record.outdated) return EVICT_GENERATION;
  return now >= record.retireAt ? EVICT_LIFETIME : undefined;
}

/** How far a connection within its limits must be doubted; asked of held connections too. */
export function doubt(
  record: ConnectionRecord,
  now: number,
  awake: number,
  policy: Policy,
  health: PoolHealth,
): Doubt {
  const silence = awake - record.heardAt;
  if (record.suspect || record.heardAt <= health.suspectBefore) return PING;
  if (silence >= policy.pingIdleAfterMs) return PING;
  // The silence too: after a suspension the monotonic idle time is still short. And the one before
  // the last word: after a standstill the answer is read first, and a close behind it only later.
  const rested = Math.max(now - record.idleSince, silence, record.gapMs);
  if (rested < policy.aliveBypassMs) return USE;
  return awake - record.peer.heardAt >= policy.pingAfterMs ? PING : LOOK;
}
