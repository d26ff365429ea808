import type { ConnectionRecord } from './connection-record.ts';
import type { Roster } from './roster.ts';

/** The other side hung up on a connection at rest: it may have reached an idle limit. */
export function learnFromClose<C extends object>(
  roster: Roster<C>,
  record: ConnectionRecord,
): void {
  const { clock, learned } = roster;
  const now = clock.glance();
  // With the time that the machine slept: a limit is not to be taken for shorter than it is.
  const idleMs = clock.awake(now) - record.heardAt;
  const { waitTimeoutMs } = record;
  const longestRestMs = longestRest(roster, now);
  if (!learned.closed({ idleMs, waitTimeoutMs, longestRestMs }, now)) return;
  roster.keeper?.limitChanged();
  roster.emit('limitLearned', () => {
    return { connection: roster.view(record), idleTimeoutMs: learned.idleMs };
  });
}

/** Of the connections that are open still. */
function longestRest<C extends object>(roster: Roster<C>, now: number): number {
  const { driver } = roster;
  let longest = 0;
  for (const connection of driver.idle()) {
    const record = roster.get(connection);
    if (record && !driver.hungUp(connection)) longest = Math.max(longest, now - record.silentSince);
  }
  return longest;
}
