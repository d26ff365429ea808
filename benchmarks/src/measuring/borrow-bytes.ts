import type { Pool } from 'mysql2';
import { borrows, used } from './borrows.ts';
import { collectYoung, heapBytes } from './garbage.ts';
import { median } from './statistics.ts';

/** So few that the young generation holds all they allocate, and no collection disturbs. */
const BATCH = 500;
const ROUNDS = 9;

/** Bytes of one borrow and its release. */
export interface BorrowBytes {
  readonly allocated: number;
  /** What a collection finds still in use afterwards. */
  readonly kept: number;
}

/** Measures what borrows and releases allocate, and what of it outlives them. */
export async function borrowBytes(pool: Pool): Promise<BorrowBytes> {
  await batch(pool);
  const rounds: BorrowBytes[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await batch(pool));
  return {
    allocated: median(rounds.map(({ allocated }) => allocated)),
    kept: median(rounds.map(({ kept }) => kept)),
  };
}

async function batch(pool: Pool): Promise<BorrowBytes> {
  await used(pool);
  return new Promise((resolve, reject) => {
    collectYoung();
    const before = heapBytes();
    borrows(pool, BATCH, (error) => {
      const allocated = heapBytes() - before;
      collectYoung();
      const kept = heapBytes() - before;
      if (error) reject(error);
      else resolve({ allocated: allocated / BATCH, kept: kept / BATCH });
    });
  });
}
