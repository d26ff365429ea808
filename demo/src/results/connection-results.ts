import type { ConnectionEntry } from '../application/log.ts';
import type { ServerEnd } from '../stage/server-watch.ts';
import type { ConnectionEnd, ConnectionResult } from './results.ts';
import type { Timetable } from './timetable.ts';

/** Puts together what the application and the server know of each connection. */
export function connectionResults(
  entries: readonly ConnectionEntry[],
  serverEnds: readonly ServerEnd[],
  times: Timetable,
): ConnectionResult[] {
  return entries.map((entry, index) => {
    const { openedMs, closedMs = times.endMs, leases } = entry;
    const scene = times.sceneAt(openedMs);
    const deadMs = endAtServer(entry, serverEnds);
    return {
      number: index + 1,
      scene: scene.scene.name,
      openedMs: times.at(openedMs),
      closedMs: times.at(closedMs),
      deadMs: deadMs === undefined ? undefined : times.at(deadMs),
      leases: leases.map(({ startMs, endMs = closedMs }) => [times.at(startMs), times.at(endMs)]),
      end: endOf(entry),
      first: openedMs <= scene.startMs,
    };
  });
}

/** Numbers come again after a restart of the server, so the time must fit too. */
function endAtServer(
  { serverId, openedMs, closedMs = Infinity }: ConnectionEntry,
  ends: readonly ServerEnd[],
): number | undefined {
  const mine = ends.filter(
    (end) => end.serverId === serverId && end.atMs > openedMs && end.atMs < closedMs,
  );
  return mine[0]?.atMs;
}

function endOf({
  closedMs,
  guardReason,
  shutdown,
  socketEnd,
}: ConnectionEntry): ConnectionEnd | undefined {
  if (closedMs === undefined) return undefined;
  if (shutdown) return 'shutdown';
  return guardReason ? `lifeguard:${guardReason}` : socketEnd;
}
