import { connect } from 'node:net';
import { type PoolOptions, createPool, type Pool } from 'mysql2';
import { guard, type Guard, type LifeguardOptions } from '../../src/index.ts';
import { drop } from './same.ts';

/** Options that lead to a place, and count how often somebody went there. */
export interface CountedDials {
  readonly options: PoolOptions;
  readonly count: () => number;
}

/** Counts every connection that a pool tries to open, refused ones too. */
export function countDials(options: PoolOptions & { host: string; port: number }): CountedDials {
  let count = 0;
  const stream = (): unknown => {
    count += 1;
    return connect({ host: options.host, port: options.port, noDelay: true });
  };
  return { options: { ...options, stream }, count: () => count };
}

/** Runs something with a bare and with a guarded pool, one after the other. */
export async function withPools<T>(
  options: PoolOptions,
  lifeguard: LifeguardOptions,
  run: (pool: Pool, handle: Guard | undefined) => Promise<T>,
): Promise<{ bare: T; guarded: T }> {
  const once = async (given?: LifeguardOptions): Promise<T> => {
    const pool = createPool(options);
    const handle = given && guard(pool, given);
    try {
      return await run(pool, handle);
    } finally {
      drop(pool);
    }
  };
  return { bare: await once(), guarded: await once(lifeguard) };
}
