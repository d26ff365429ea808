import type { GuardReason } from '../application/log.ts';
import type { SceneName } from '../scenes/index.ts';
import type { ConnectionEnd, Results } from './results.ts';
import type { Tally } from './summary.ts';

/** Why Lifeguard closed a connection; `look` says how it found out. */
const REASONS: Readonly<Record<GuardReason, string>> = {
  look: 'found dead by a look at its socket',
  unclean: 'not at rest',
  'ping-timeout': 'no answer to a ping',
  hedged: 'made room while a ping was late',
  'ping-failed': 'an error in answer to a ping',
  lifetime: 'lifetime reached',
  'idle-timeout': 'idle for too long',
  generation: 'of a dropped generation',
  poisoned: 'unfit after an error',
  'reset-failed': 'session not reset',
};

const SOCKET_ENDS = {
  fin: 'the server hung up',
  reset: 'the connection was reset',
  local: 'the driver closed it',
  shutdown: 'the application closed its pool',
} as const;

/** Why a connection was closed. */
export function endInWords(end: ConnectionEnd | undefined): string {
  if (end === undefined) return 'never closed';
  if (end in SOCKET_ENDS) return SOCKET_ENDS[end as keyof typeof SOCKET_ENDS];
  return `Lifeguard: ${REASONS[end.slice('lifeguard:'.length) as GuardReason]}`;
}

/** What Lifeguard did in a scene, such as `4 closed: found dead by a look at its socket`. */
export function didInWords({ sides: { guarded } }: Results, scene: SceneName): string[] {
  const counts = new Map<string, number>();
  for (const { scene: where, end } of guarded.connections) {
    if (where !== scene || !end?.startsWith('lifeguard:')) continue;
    const why = endInWords(end).replace('Lifeguard: ', '');
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  const did = [...counts].map(([why, count]) => `${count} closed: ${why}`);
  const moved = guarded.moved[scene] ?? 0;
  if (moved > 0) did.push(`${moved} holder moved to a fresh connection`);
  const redialed = guarded.redialed[scene] ?? 0;
  if (redialed > 0) did.push(`${redialed} failed dials kept from the users`);
  return did;
}

/** A time in the unit that suits it. */
export function durationInWords(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

/** The worst latency of a side; where somebody gave up, it would have been even longer. */
export function worstInWords({ worstMs, unanswered }: Tally): string {
  return unanswered ? `> ${durationInWords(worstMs)}` : durationInWords(worstMs);
}
