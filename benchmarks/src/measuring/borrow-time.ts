import type { Pool } from 'mysql2';
import { Bench } from 'tinybench';
import { borrows, used, type Borrowing } from './borrows.ts';

/** Long enough to hold its share of garbage collection, short enough to give many samples. */
const BATCH = 10_000;

/** Nanoseconds for one borrow and its release: the median of batches over `ms`. */
export async function borrowTime(
  pool: Pool,
  ms: number,
  borrowing: Borrowing = borrows,
): Promise<number> {
  const bench = new Bench({ time: ms, iterations: 5, warmup: false, throws: true });
  // Each batch begins with a connection that has answered a moment ago; the first one warms up.
  const hooks = {
    async: true,
    beforeAll: () => warmUp(pool, borrowing),
    beforeEach: () => used(pool),
  };
  bench.add('borrow and release', () => batch(pool, borrowing), hooks);
  await bench.run();
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`The measuring ended as "${result?.state}".`);
  return result.latency.p50 * 1e6;
}

async function warmUp(pool: Pool, borrowing: Borrowing): Promise<void> {
  await used(pool);
  await batch(pool, borrowing);
}

/** One batch; its own time is given as the time of one borrow. */
function batch(
  pool: Pool,
  borrowing: Borrowing,
): Promise<{
  overriddenDuration: number;
  overriddenIterationCost: number;
}> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    borrowing(pool, BATCH, (error) => {
      const took = performance.now() - start;
      if (error) reject(error);
      else resolve({ overriddenDuration: took / BATCH, overriddenIterationCost: took });
    });
  });
}
