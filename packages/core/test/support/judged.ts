import * as fc from 'fast-check';
import { ConnectionRecord } from '../../src/connection-record.ts';
import type { PoolHealth } from '../../src/judge.ts';
import { LeaseSession } from '../../src/lease-session.ts';
import type { Policy } from '../../src/policy.ts';
import { readOptions } from '../../src/read-options.ts';

export const NOW = 50_000_000;

/** What is known of a connection, of its pool and of the policy: spans of time before now. */
export interface Facts {
  readonly age: number;
  readonly lifetime: number;
  readonly idle: number;
  readonly idleLimit: number;
  /** So many are to stay, however long they are unused. */
  readonly minimumIdle: number;
  /** Since when it was not heard, while the machine was awake. */
  readonly quiet: number;
  readonly silenceLimit: number;
  /** Since when it was not heard; the machine's sleep counts. */
  readonly silence: number;
  /** The same of its address. */
  readonly peerSilence: number;
  /** How long its last answer took. */
  readonly gap: number;
  readonly suspect: boolean;
  /** By how many generations it is behind. */
  readonly behind: number;
  /** How long ago a ping of this pool timed out. */
  readonly doubtedFor: number;
  /** How long ago a connection of this pool was lost. */
  readonly learned: number;
  readonly bypass: number;
  readonly pingAfter: number;
  readonly pingIdleAfter: number;
}

/** Few numbers, so that they often meet, and those right beside them. */
const span = fc
  .tuple(fc.constantFrom(0, 50, 500, 5_000, 60_000, 1_800_000), fc.integer({ min: -1, max: 1 }))
  .map(([ms, more]) => Math.max(0, ms + more));
/** The same, or never. */
const spanOrNever = fc.oneof({ weight: 2, arbitrary: span }, fc.constant(Infinity));

export const facts: fc.Arbitrary<Facts> = fc.record({
  age: span,
  lifetime: spanOrNever,
  idle: span,
  idleLimit: spanOrNever,
  minimumIdle: fc.constantFrom(0, 0, 5),
  quiet: span,
  silenceLimit: spanOrNever,
  silence: span,
  peerSilence: span,
  gap: span,
  suspect: fc.boolean(),
  behind: fc.constantFrom(0, 0, 0, 1, 2),
  doubtedFor: spanOrNever,
  learned: spanOrNever,
  bypass: span,
  pingAfter: span,
  pingIdleAfter: span,
});

export function recordOf(facts: Facts): ConnectionRecord {
  const peer = { address: 'a:3306', heardAt: NOW - facts.peerSilence };
  const born = {
    id: 1,
    peer,
    generation: -facts.behind,
    state: 'idle',
    jitter: 1,
    lifetimeJitter: 1,
    idleLimitMs: facts.idleLimit,
    silenceLimitMs: facts.silenceLimit,
  } as const;
  const made = { ...born, session: new LeaseSession() };
  const record = new ConnectionRecord(made, NOW - facts.age, NOW, facts.lifetime);
  record.idleSince = NOW - facts.idle;
  record.silentSince = NOW - facts.quiet;
  record.heardAt = NOW - facts.silence;
  record.gapMs = facts.gap;
  record.suspect = facts.suspect;
  return record;
}

export function healthOf({ doubtedFor, learned }: Facts): PoolHealth {
  return { generation: 0, suspectBefore: NOW - doubtedFor, learned: { idleMs: learned } };
}

export function policyOf({ bypass, pingAfter, pingIdleAfter, minimumIdle }: Facts): Policy {
  return readOptions({ aliveBypassWindow: bypass, pingAfter, pingIdleAfter, minimumIdle }, {});
}
