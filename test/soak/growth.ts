import type { Census } from './application/census.ts';
import type { Orm } from './application/outcome.ts';

/** What does not add up in one census, in words. */
export function imbalances(census: Census, adopted: Readonly<Record<Orm, number>>): string[] {
  const pools = Object.entries(census.stats).flatMap(([orm, stats]) => {
    const { total, idle, opened, lent, validating, opening, pending } = stats;
    const closed = closedOf(stats);
    const made = opened + adopted[orm as Orm];
    return [
      ...(made === total + closed
        ? []
        : [`${orm}: ${made} connections made, but ${total} there and ${closed} closed`]),
      ...(idle === total && lent + validating + opening + pending === 0
        ? []
        : [`${orm}: not at rest: ${JSON.stringify(stats)}`]),
    ];
  });
  if (census.sockets === totalOf(census)) return pools;
  return [...pools, `${census.sockets} sockets for ${totalOf(census)} connections`];
}

/** How many connections were closed, for whatever reason. */
export function closedOf({ closed }: Census['stats'][Orm]): number {
  return Object.values(closed).reduce((sum, count) => sum + count, 0);
}

/** How many connections there are in all. */
export function totalOf({ stats }: Census): number {
  return stats.typeorm.total + stats.prisma.total;
}

/** How many connections each pool had before its guard began to count. */
export function adoptedBy({ stats }: Census): Readonly<Record<Orm, number>> {
  const of = (orm: Orm): number => stats[orm].total + closedOf(stats[orm]) - stats[orm].opened;
  return { typeorm: of('typeorm'), prisma: of('prisma') };
}

/**
 * The heap moves by up to a megabyte by itself: compiled code, and what the ORMs keep of statements. A
 * connection that is not let go takes 30 kB at least, and even the half of a minute opens a hundred.
 */
const MOST_HEAP_BYTES = 2_000_000;

/** Pools at rest have none or one. A timer that nobody calls off is there as often as it was set. */
const MOST_TIMERS = 4;

/** What has grown from the middle of a run to its end, in words. */
export function growthBetween(censuses: readonly Census[]): string[] {
  const middle = censuses[Math.floor((censuses.length - 1) / 2)];
  const end = censuses.at(-1);
  if (!middle || !end) return [];
  const heap = end.heapBytes - middle.heapBytes;
  return [
    ...(heap > MOST_HEAP_BYTES ? [`the heap has grown by ${heap} bytes`] : []),
    ...(end.timers > MOST_TIMERS ? [`${end.timers} timers are left`] : []),
  ];
}
