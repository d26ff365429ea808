import { serveCommands, waitUntil } from '@pool-lifeguard/testkit';
import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2';
import { guard, type LifeguardOptions, type PoolStats } from '../../src/index.ts';
import { askOne, borrow, borrowAll, inside } from '../support/calls.ts';

/** What a run is made of. */
export interface Throwing {
  readonly options: PoolOptions;
  readonly lifeguard: LifeguardOptions | undefined;
  readonly where: keyof typeof PLACES;
}

/** What was left of the pool afterwards. */
export interface Aftermath {
  readonly uncaught: readonly string[];
  readonly answers: readonly unknown[];
  /** What the guard still believes to be under way. */
  readonly stuck: Pick<PoolStats, 'opening' | 'validating' | 'pending'>;
}

/** Where the application's own error is thrown. */
const PLACES = {
  'the callback of a borrow that dials': (pool: Pool) => failingBorrow(pool),
  'the callback of a borrow of an idle connection': async (pool: Pool) => {
    (await borrow(pool)).release();
    await failingBorrow(pool);
  },
  'the callback of a borrow that waited': async (pool: Pool) => {
    const held = await borrowAll(pool, 3);
    const failing = failingBorrow(pool);
    for (const connection of held) connection.release();
    await failing;
  },
  'the callback of a query': async (pool: Pool) => void pool.query('SELECT 1', fail),
  "a listener of 'connection'": async (pool: Pool) => {
    pool.once('connection', fail);
    pool.getConnection((_, connection) => connection?.release());
  },
  "a listener of 'acquire'": async (pool: Pool) => {
    (await borrow(pool)).release();
    pool.once('acquire', fail);
    setImmediate(() => pool.getConnection((_, connection) => connection?.release()));
  },
  "a listener of 'release'": async (pool: Pool) => {
    const connection = await borrow(pool);
    pool.once('release', fail);
    setImmediate(() => connection.release());
  },
};

const uncaught: string[] = [];
process.on('uncaughtException', (error) => uncaught.push(error.message));

async function run({ options, lifeguard, where }: Throwing): Promise<Aftermath> {
  const pool = createPool(options);
  const handle = lifeguard && guard(pool, lifeguard);
  uncaught.length = 0;
  await PLACES[where](pool);
  const { _allConnections: all, _freeConnections: free } = inside(pool);
  // An error in the driver's own stack costs its connection and is never seen.
  await waitUntil(() => uncaught.length > 0 || all.length === 0);
  const answers = await Promise.all([1, 2, 3].map((n) => askOne(pool, 'SELECT ?', [n])));
  await waitUntil(() => free.length === all.length || where === "a listener of 'acquire'");
  while (free.length > 0) (free.get(0) as unknown as PoolConnection).destroy();
  for (const n of [4, 5]) answers.push(await askOne(pool, 'SELECT ?', [n]));
  const atRest = (): boolean => !handle || handle.stats().validating + handle.stats().opening === 0;
  await waitUntil(atRest).catch(() => {});
  const { opening = 0, validating = 0, pending = 0 } = handle?.stats() ?? {};
  pool.end();
  return { uncaught: [...uncaught], answers, stuck: { opening, validating, pending } };
}

/** Borrows, throws in the callback, and still gives the connection back. */
function failingBorrow(pool: Pool): Promise<void> {
  return new Promise((resolve) => {
    pool.getConnection((_, connection) => {
      setImmediate(() => {
        connection?.release();
        resolve();
      });
      fail();
    });
  });
}

function fail(): never {
  throw new Error("the application's own");
}

serveCommands({ run });
