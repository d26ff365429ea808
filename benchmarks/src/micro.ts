import type { Guard } from '@pool-lifeguard/mysql2';
import { borrowBytes } from './borrow-bytes.ts';
import { borrowTime } from './borrow-time.ts';
import { compare, type Plan } from './compare.ts';
import type { Figure, Readings } from './figures.ts';
import { openMysql2Pools } from './subjects/mysql2-pools.ts';

/** How often a machine may stand still in the middle of a measurement. */
const TRIES = 10;

/** What one borrow and release of a connection used a moment ago costs, beside all I/O. */
export async function micro(plan: Plan): Promise<Figure[]> {
  const { sides, guard, close } = await openMysql2Pools(plan.server);
  try {
    return await compare(plan, 'mysql2, borrow and release', sides, (pool) =>
      onFastPath(guard, async () => ({
        time: await borrowTime(pool, plan.sideMs),
        allocated: await borrowBytes(pool),
      })),
    );
  } finally {
    await close();
  }
}

/** Measures again what a standstill has led off the fast path: there a connection is looked at. */
async function onFastPath(guard: Guard, measure: () => Promise<Readings>): Promise<Readings> {
  let missed = '';
  for (let tries = 0; tries < TRIES; tries++) {
    const before = guard.stats();
    const readings = await measure();
    const after = guard.stats();
    const borrows = after.borrows - before.borrows;
    const used = after.used - before.used;
    // A few may meet a connection that rested while the other side had its turn.
    if (used >= borrows * 0.99) return readings;
    missed = `Of ${borrows} guarded borrows only ${used} took the fast path.`;
  }
  throw new Error(missed);
}
