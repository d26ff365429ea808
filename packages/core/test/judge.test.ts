import { expect } from 'chai';
import { ConnectionRecord } from '../src/connection-record.ts';
import { doubt, judge, outlived, type Judgement, type PoolHealth } from '../src/judge.ts';
import { LeaseSession } from '../src/lease-session.ts';
import type { LifeguardOptions } from '../src/options.ts';
import { readOptions } from '../src/read-options.ts';

const NOW = 50_000_000;
const MINUTE = 60_000;

/** What is known of a connection, as spans of time before now. */
interface Facts {
  age?: number;
  idle?: number;
  /** Since when nothing was heard on it; as long as it is idle, unless said otherwise. */
  silence?: number;
  /** The same of its address; short, unless said otherwise. */
  peerSilence?: number;
  idleLimit?: number;
  silenceLimit?: number;
  /** An idle limit that closes have taught. */
  learned?: number;
  generation?: number;
  suspect?: boolean;
  /** How long ago a ping of this pool timed out. */
  doubtedFor?: number;
  /** How long its last answer took to come. */
  gap?: number;
  /** How long the machine slept, after everything above. */
  slept?: number;
  options?: LifeguardOptions;
}

function recordOf(facts: Facts): ConnectionRecord {
  const { age = 10_000, idle = 0, silence = idle, peerSilence = Math.min(silence, 100) } = facts;
  const peer = { address: 'a:3306', heardAt: 0 };
  const { maxLifetimeMs } = readOptions(facts.options, {});
  const { idleLimit: idleLimitMs = Infinity, generation = 1 } = facts;
  const session = new LeaseSession();
  const born = {
    id: 1,
    peer,
    generation,
    state: 'idle',
    session,
    jitter: 1,
    lifetimeJitter: 1,
    idleLimitMs,
    silenceLimitMs: facts.silenceLimit ?? Infinity,
  } as const;
  const record = new ConnectionRecord(born, NOW - age, NOW - age, maxLifetimeMs);
  record.suspect = facts.suspect ?? false;
  record.gapMs = facts.gap ?? 0;
  record.idleSince = NOW - idle;
  record.silentSince = NOW - silence;
  record.heardAt = NOW - silence;
  peer.heardAt = NOW - peerSilence;
  return record;
}

function healthOf({ doubtedFor, learned = Infinity }: Facts): PoolHealth {
  return {
    generation: 1,
    suspectBefore: doubtedFor === undefined ? -Infinity : NOW - doubtedFor,
    learned: { idleMs: learned },
  };
}

function judgementOf(facts: Facts): Judgement {
  const policy = readOptions(facts.options, {});
  const awake = NOW + (facts.slept ?? 0);
  return judge(recordOf(facts), NOW, awake, policy, healthOf(facts));
}

type Row = [title: string, verdict: string, facts: Facts];

const TABLE: Record<string, Row[]> = {
  lifetime: [
    ['is good a millisecond before its end', 'use', { age: 30 * MINUTE - 1 }],
    ['ends at maxLifetime', 'evict lifetime', { age: 30 * MINUTE }],
    ['ends after maxLifetime', 'evict lifetime', { age: 31 * MINUTE }],
    ['follows the option', 'evict lifetime', { age: 5_000, options: { maxLifetime: '5s' } }],
    ['has no end with 0', 'use', { age: 1e7, options: { maxLifetime: 0 } }],
    ['outdoes every doubt', 'evict lifetime', { age: 30 * MINUTE, suspect: true }],
  ],
  'idle limit': [
    ['is not reached a millisecond before', 'look', { idle: 3_999, idleLimit: 4_000 }],
    ['is reached on the dot', 'evict idle-timeout', { idle: 4_000, idleLimit: 4_000 }],
    ['outdoes the bypass', 'evict idle-timeout', { idle: 10, idleLimit: 10 }],
    ['outdoes a suspicion', 'evict idle-timeout', { idle: 9, idleLimit: 9, suspect: true }],
    ['learned is reached on the dot', 'evict idle-timeout', { idle: 600, learned: 600 }],
    ['learned is not reached before', 'look', { idle: 600, learned: 601 }],
    ['counts idle time, not silence', 'look', { idle: 600, silence: 4_000, idleLimit: 4_000 }],
    [
      'is nothing where some are to stay',
      'look',
      { idle: 4_000, idleLimit: 4_000, options: { minimumIdle: 1 } },
    ],
    ['yields to the lifetime', 'evict lifetime', { age: 30 * MINUTE, idle: 9, idleLimit: 9 }],
  ],
  'silence limit': [
    ['is not reached a millisecond before', 'look', { idle: 3_999, silenceLimit: 4_000 }],
    ['is reached on the dot', 'evict idle-timeout', { idle: 4_000, silenceLimit: 4_000 }],
    ['counts silence, not idle time', 'look', { idle: 4_000, silence: 600, silenceLimit: 4_000 }],
    [
      'is the same where some are to stay',
      'evict idle-timeout',
      { idle: 4_000, silenceLimit: 4_000, options: { minimumIdle: 1 } },
    ],
    ['outdoes a suspicion', 'evict idle-timeout', { idle: 9, silenceLimit: 9, suspect: true }],
  ],
  generation: [
    ['of before is closed', 'evict generation', { generation: 0 }],
    ['of today is good', 'use', { generation: 1 }],
    ['is asked before the lifetime', 'evict generation', { generation: 0, age: 30 * MINUTE }],
    [
      'is asked before the idle limit',
      'evict generation',
      { generation: 0, idle: 9, idleLimit: 9 },
    ],
  ],
  suspicion: [
    ['means a ping, however recently it was used', 'ping', { suspect: true }],
    ['falls on all not heard since a ping timed out', 'ping', { silence: 101, doubtedFor: 100 }],
    ['does not spare who was heard at that moment', 'ping', { silence: 100, doubtedFor: 100 }],
    ['spares who was heard later', 'use', { silence: 99, doubtedFor: 100 }],
  ],
  'bypass window': [
    ['lends what was used just now', 'use', { idle: 0 }],
    ['lends a millisecond before its end', 'use', { idle: 499 }],
    ['is over at 500 ms', 'look', { idle: 500 }],
    ['follows the option', 'use', { idle: 1_999, options: { aliveBypassWindow: '2s' } }],
    ['never opens with 0', 'look', { idle: 0, options: { aliveBypassWindow: 0 } }],
    ['asks for no word of the server', 'use', { idle: 499, peerSilence: 4_000_000 }],
    ['lends whose last answer came soon', 'use', { idle: 1, gap: 499 }],
    ['is closed to whose last answer took long: a standstill', 'look', { idle: 1, gap: 500 }],
  ],
  'pingAfter, by address': [
    ['looks while the address was heard', 'look', { idle: 9_000, peerSilence: 4_999 }],
    ['pings when it was not', 'ping', { idle: 9_000, peerSilence: 5_000 }],
    ['follows the option', 'ping', { idle: 900, peerSilence: 50, options: { pingAfter: 50 } }],
    ['pings always with 0', 'ping', { idle: 500, peerSilence: 0, options: { pingAfter: 0 } }],
  ],
  'pingIdleAfter, by connection': [
    ['looks a millisecond before', 'look', { idle: MINUTE - 1 }],
    ['pings at 60 s', 'ping', { idle: MINUTE }],
    ['is called off by a keepalive', 'look', { idle: 2 * MINUTE, silence: 100 }],
    ['follows the option', 'ping', { idle: 700, options: { pingIdleAfter: 700 } }],
    ['outdoes the bypass', 'ping', { idle: 10, options: { pingIdleAfter: 10 } }],
  ],
  'a machine that slept': [
    ['pings what was used just before', 'ping', { idle: 1, slept: MINUTE }],
    ['pings after 10 s, longer than pingAfter', 'ping', { idle: 1, slept: 10_000 }],
    ['looks at least after 3 s', 'look', { idle: 1, slept: 3_000 }],
    ['evicts nobody for his idle time', 'ping', { idle: 600, slept: 1e7, idleLimit: 4_000 }],
    ['evicts nobody for his age', 'ping', { age: 29 * MINUTE, slept: 1e7 }],
  ],
  'a clock set back': [
    ['evicts nobody', 'use', { idle: 1, slept: -1e7, idleLimit: 4_000 }],
    ['leaves a look a look', 'look', { idle: 600, slept: -1e7 }],
  ],
};

describe('the judge', () => {
  for (const [topic, rows] of Object.entries(TABLE)) {
    describe(topic, () => {
      for (const [title, expected, facts] of rows) {
        it(`${title}: ${expected}`, () => {
          const { verdict, reason } = judgementOf(facts) as { verdict: string; reason?: string };
          expect(reason ? `${verdict} ${reason}` : verdict).to.equal(expected);
        });
      }
    });
  }

  it('says the same of the same', () => {
    for (const [, , facts] of Object.values(TABLE).flat()) {
      expect(judgementOf(facts)).to.equal(judgementOf({ ...facts }));
    }
  });

  it('makes no objects: each answer is one that nobody can change', () => {
    const answers = new Set(
      Object.values(TABLE).flatMap((rows) => rows.map((row) => judgementOf(row[2]))),
    );
    expect(answers.size).to.equal(6);
    for (const answer of answers) expect(answer).to.be.frozen;
  });

  it('changes nothing that it is given', () => {
    for (const [, , facts] of Object.values(TABLE).flat()) {
      const record = Object.freeze(recordOf(facts));
      Object.freeze(record.peer);
      const health = Object.freeze(healthOf(facts));
      expect(() => judge(record, NOW, NOW, readOptions({}, {}), health)).not.to.throw();
    }
  });

  it('at a release asks for generation and lifetime alone', () => {
    const atRelease = (facts: Facts): string | undefined =>
      outlived(recordOf(facts), NOW, healthOf(facts))?.reason;
    expect(atRelease({ idle: 1e7, idleLimit: 1, suspect: true })).to.equal(undefined);
    expect(atRelease({ age: 30 * MINUTE })).to.equal('lifetime');
    expect(atRelease({ generation: 0 })).to.equal('generation');
  });

  it('of a held connection asks for doubts alone', () => {
    const facts = { age: 1e7, idle: 10, idleLimit: 1, generation: 0 };
    const said = doubt(recordOf(facts), NOW, NOW, readOptions({}, {}), healthOf(facts));
    expect(said.verdict).to.equal('use');
  });
});
