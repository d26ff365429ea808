import type { Guard } from '@pool-lifeguard/mysql2';
import type { Pool } from 'mysql2';
import { borrowBytes } from '../measuring/borrow-bytes.ts';
import { borrowTime } from '../measuring/borrow-time.ts';
import { borrowsOf } from '../measuring/borrows.ts';
import { compare, compareTogether, type Contest, type Plan } from '../measuring/compare.ts';
import { connectionBytes } from '../measuring/connection-bytes.ts';
import type { Figure, Readings } from '../measuring/figures.ts';
import { openMysql2Pool } from '../subjects/mysql2-pool.ts';
import { POOL_SIZE, type Opened } from '../subjects/opened.ts';
import { BARE, GUARDED, openSides, type OpenSides } from '../subjects/sides.ts';

/** Connections in the pool; what a borrow costs is not to depend on it. */
const SIZES = [1, 10, 100, 1_000];
const WAITERS = 1_000;
/** So many that what a pool holds once does not count. */
const MEASURED_CONNECTIONS = 100;
/** How often a machine may stand still in the middle of a measurement. */
const TRIES = 10;

/** What the guard costs beside all I/O: time and memory of a borrow, memory of a connection. */
export async function micro(plan: Plan): Promise<Figure[]> {
  return [...(await borrows(plan)), ...(await memory(plan))];
}

async function borrows(plan: Plan): Promise<Figure[]> {
  const pools: OpenSides<Pool>[] = [];
  const open = async (size: number): Promise<OpenSides<Pool>> => {
    const both = await openSides(openMysql2Pool, { server: plan.server, size });
    pools.push(both);
    return both;
  };
  try {
    const contests: Contest<Pool>[] = [];
    for (const size of SIZES) contests.push(borrowing(plan, size, await open(size)));
    contests.push(waiting(plan, await open(POOL_SIZE)));
    // All in the same rounds, so that none is measured before the code is as fast as it gets.
    return await compareTogether(plan, contests);
  } finally {
    await Promise.all(pools.map(({ close }) => close()));
  }
}

function borrowing(plan: Plan, size: number, { sides, opened }: OpenSides<Pool>): Contest<Pool> {
  return {
    name: `mysql2, borrow and release, ${size} connection${size === 1 ? '' : 's'}`,
    sides,
    measure: (pool) =>
      onFastPath(opened, async () => ({
        time: await borrowTime(pool, plan.sideMs),
        ...(await borrowBytes(pool)),
      })),
  };
}

function waiting(plan: Plan, { sides, opened }: OpenSides<Pool>): Contest<Pool> {
  const inLine = borrowsOf(POOL_SIZE + WAITERS);
  return {
    name: `mysql2, borrow and release, ${WAITERS} waiting`,
    sides,
    measure: (pool) =>
      onFastPath(opened, async () => ({ time: await borrowTime(pool, plan.sideMs, inLine) })),
  };
}

/** Measures again what a standstill has led off the fast path: there a connection is looked at. */
async function onFastPath(
  opened: readonly Opened<Pool>[],
  measure: () => Promise<Readings>,
): Promise<Readings> {
  const guards = opened.flatMap(({ guard }) => guard ?? []);
  let missed = '';
  for (let tries = 0; tries < TRIES; tries++) {
    const before = countsOf(guards);
    const readings = await measure();
    const after = countsOf(guards);
    const borrows = after.borrows - before.borrows;
    const validated = after.validated - before.validated;
    // A few may meet a connection that rested while the other side had its turn.
    if (validated <= borrows / 100) return readings;
    missed = `Of ${borrows} guarded borrows ${validated} met a validation.`;
  }
  throw new Error(missed);
}

function countsOf(guards: readonly Guard[]): { borrows: number; validated: number } {
  const counts = { borrows: 0, validated: 0 };
  for (const guard of guards) {
    const { borrows, looks, pings } = guard.stats();
    counts.borrows += borrows;
    counts.validated += looks + pings;
  }
  return counts;
}

function memory(plan: Plan): Promise<Figure[]> {
  const size = MEASURED_CONNECTIONS;
  return compare(plan, {
    name: 'mysql2, each connection',
    sides: [BARE, GUARDED].map(({ name, guarding }) => ({ name, subject: guarding })),
    measure: async (guarding) => {
      const open = () => openMysql2Pool({ server: plan.server, guarding, size });
      return { heap: await connectionBytes(open, size) };
    },
  });
}
