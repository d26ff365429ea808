import type { Pool } from 'mysql2';
import { borrows, used } from './borrows.ts';
import { collectYoung, heapBytes } from './garbage.ts';
import { median } from './statistics.ts';

/** So few that the young generation holds all they allocate, and no collection disturbs. */
const BATCH = 500;
const ROUNDS = 9;

/** Bytes that one borrow and its release allocate. */
export async function borrowBytes(pool: Pool): Promise<number> {
  await allocated(pool);
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await allocated(pool));
  return median(rounds);
}

async function allocated(pool: Pool): Promise<number> {
  await used(pool);
  return new Promise((resolve, reject) => {
    collectYoung();
    const before = heapBytes();
    borrows(pool, BATCH, (error) => {
      const bytes = heapBytes() - before;
      if (error) reject(error);
      else resolve(bytes / BATCH);
    });
  });
}
