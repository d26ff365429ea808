import type { ConnectionResult, Results, SideResult } from '../../results/results.ts';

/** A connection and the lane it is drawn in. */
export interface LanedConnection {
  readonly connection: ConnectionResult;
  readonly lane: number;
}

/** A connection may take the lane of one that is just being closed: the pool has given it up. */
const OVERLAP_MS = 100;

/** Gives each connection the first lane that is free when it is opened. */
export function laneConnections({ connections }: SideResult): LanedConnection[] {
  const freeFrom: number[] = [];
  const inOrder = connections.toSorted((one, other) => one.openedMs - other.openedMs);
  return inOrder.map((connection) => {
    const free = freeFrom.findIndex((ms) => ms - OVERLAP_MS <= connection.openedMs);
    const lane = free >= 0 ? free : freeFrom.length;
    freeFrom[lane] = connection.closedMs;
    return { connection, lane };
  });
}

/** How many lanes there are. */
export function laneCount(laned: readonly LanedConnection[]): number {
  return Math.max(1, ...laned.map(({ lane }) => lane + 1));
}

/** Everybody who asks queries: the users in their order, and the job if there is one. */
export function askers({ sides }: Results): string[] {
  const names = new Set(
    Object.values(sides).flatMap(({ queries }) => queries.map(({ who }) => who)),
  );
  return [...names].toSorted((one, other) => rank(one) - rank(other));
}

const rank = (who: string): number => Number(/\d+$/.exec(who)?.[0] ?? Infinity);
