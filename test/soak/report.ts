import { closedOf } from './growth.ts';
import type { Findings } from './soak.ts';

/** What was found, for people. */
export function reportOf({ counts, explained, faults, censuses, troubles }: Findings): string {
  const [first] = censuses;
  const last = censuses.at(-1);
  const pools = Object.entries(last?.stats ?? {}).map(
    ([orm, stats]) =>
      `  ${orm}: opened ${stats.opened}, there ${stats.total}, closed ${closedOf(stats)} ` +
      `(${listOf(stats.closed)}); retries ${stats.retries}, moved ${stats.moved}, lost ${stats.lost}`,
  );
  return [
    'steps that went well',
    ...Object.entries(counts).map(([orm, kinds]) => `  ${orm}: ${listOf(kinds)}`),
    'failures, all explained but those below',
    `  ${listOf(explained)}`,
    'faults',
    `  ${listOf(faults)}`,
    'pools at the end',
    ...pools,
    `timers ${first?.timers} and ${last?.timers}, sockets ${last?.sockets}, ` +
      `heap ${censuses.map(({ heapBytes }) => (heapBytes / 1e6).toFixed(1)).join(', ')} MB`,
    ...(troubles.length > 0
      ? ['troubles', ...troubles.map((text) => `  ${text}`)]
      : ['no trouble']),
  ].join('\n');
}

function listOf(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  return entries.map(([name, count]) => `${name} ${count}`).join('; ') || 'none';
}
