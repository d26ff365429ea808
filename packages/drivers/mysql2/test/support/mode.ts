import { turns } from '@pool-lifeguard/testkit';
import { createPool, type Pool, type PoolOptions } from 'mysql2';
import { guard, type LifeguardOptions } from '../../src/index.ts';
import { ask } from './calls.ts';
import { drop } from './same.ts';

/** What the environment and the options together made of a pool. */
export interface Mode {
  readonly mode: string;
  /** The properties that the pool has and a bare one has not. */
  readonly added: string[];
  readonly borrows: number;
  readonly verdicts: unknown[];
}

/** Uses a pool twice, guarded in the way that options and environment say. */
export async function see(arg: {
  options: PoolOptions;
  lifeguard: LifeguardOptions;
}): Promise<Mode> {
  const pool = createPool(arg.options);
  const twin = createPool(arg.options);
  try {
    const handle = guard(pool, { ...arg.lifeguard, aliveBypassWindow: 0 });
    const verdicts: unknown[] = [];
    handle.on('verdict', ({ verdict, observed }) => verdicts.push([verdict, observed]));
    for (let round = 0; round < 2; round += 1) await ask(pool, 'DO 1');
    await turns();
    const { mode, borrows } = handle.stats();
    return { mode, added: addedTo(pool, twin), borrows, verdicts };
  } finally {
    drop(pool);
    drop(twin);
  }
}

const addedTo = (pool: Pool, twin: Pool): string[] =>
  Reflect.ownKeys(pool)
    .filter((key) => !Object.hasOwn(twin, key))
    .map(String);
