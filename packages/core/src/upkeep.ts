import { JITTER, type ConnectionRecord } from './connection-record.ts';
import type { LearnedLimit } from './learned-limit.ts';
import type { Policy } from './policy.ts';
import { longestKeepaliveMs, type ServerLimits } from './server-limits.ts';

/** The longest silence that a connection at rest is left in. Source: HikariCP `keepaliveTime`. */
const LONGEST_SILENCE_MS = 2 * 60_000;

/** So long before the end of its lifetime a connection is replaced, or a tenth of that lifetime. */
const AHEAD_MS = 10_000;

/**
 * What was not used for so long is not missed when it goes. Source: HikariCP, whose `idleTimeout` is as
 * long by default.
 */
const NEEDED_MS = 10 * 60_000;

/** What the times of upkeep follow from. */
export interface UpkeepRules {
  readonly policy: Policy;
  readonly limits: ServerLimits;
  readonly learned: LearnedLimit;
}

/** How long this connection may be silent before it is pinged; `Infinity` where it is not kept alive. */
export function keepaliveMs(record: ConnectionRecord, rules: UpkeepRules): number {
  const { policy, learned } = rules;
  const own = policy.keepaliveTimeMs === 'auto' ? LONGEST_SILENCE_MS : policy.keepaliveTimeMs;
  if (own === Infinity) return Infinity;
  const limit = Math.min(record.silenceLimitMs, learned.idleMs * record.jitter);
  return Math.min(own * record.jitter, longestKeepaliveMs(limit));
}

/** When it is to be replaced, so that nobody has to borrow its successor in person. */
export function replaceAt({ openedAt, retireAt }: ConnectionRecord): number {
  return retireAt - Math.min(AHEAD_MS, (retireAt - openedAt) / 10);
}

/** When a connection at rest next needs something. */
export function nextChoreAt(record: ConnectionRecord, rules: UpkeepRules): number {
  return Math.min(
    replaceAt(record),
    record.idleSince + record.idleLimitMs,
    record.silentSince + keepaliveMs(record, rules),
  );
}

/**
 * When to see to a connection again that is lent now: nobody tells when it comes to rest, and after
 * that it needs nothing for as long as its limits are.
 */
export function nextVisitAt(record: ConnectionRecord, now: number, rules: UpkeepRules): number {
  const keepalive = keepaliveMs(record, rules);
  const silentAt = record.silentSince + keepalive;
  const restsAt = now + Math.min(record.idleLimitMs, keepalive);
  const asHeld = rules.policy.keepHeld && silentAt > now ? silentAt : Infinity;
  const ahead = replaceAt(record);
  // At its end it is closed when it comes back; until then it may be caught at rest.
  const endsAt = now < record.retireAt ? Math.max(ahead, now) : Infinity;
  return Math.min(restsAt, asHeld, endsAt);
}

/** Whether what was last used then would be missed if it were gone. */
export function isNeeded(
  lastUsedAt: number,
  now: number,
  { limits }: Pick<UpkeepRules, 'limits'>,
): boolean {
  // With what jitter may take from the limit of its successor.
  return now - lastUsedAt < Math.min(NEEDED_MS, limits.idleLimitMs() * (1 - JITTER));
}
