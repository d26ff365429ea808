import { turns } from '@pool-lifeguard/testkit';
import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard, type LifeguardOptions } from '../../src/index.ts';
import { ask, borrow, borrowAll, within } from '../support/calls.ts';

/** What the process does before it has nothing more to do; without the test kit, to start fast. */
export interface Errands {
  readonly options: PoolOptions;
  readonly lifeguard?: LifeguardOptions;
  readonly errands: readonly (keyof typeof ERRANDS)[];
}

type MakePool = () => Pool;

/** What an application does with a pool. Those that say so let the process end meanwhile. */
const ERRANDS = {
  'is never used': async (make: MakePool) => void make(),
  'was ended': async (make: MakePool) => {
    const pool = make();
    await useTwo(pool);
    pool.end();
  },
  'was idle for long, and ended': async (make: MakePool) => {
    const pool = make();
    await useTwo(pool);
    await sleep(1_000);
    pool.end();
  },
  'was closed by the server': async (make: MakePool) => {
    const [one, two] = (await borrowAll(make(), 2)) as [PoolConnection, PoolConnection];
    const closed = once(within(one).stream, 'close');
    one.release();
    await ask(two, `KILL ${one.threadId}`);
    two.destroy();
    await closed;
  },
  'has idle connections': async (make: MakePool) => useTwo(make()),
  'has a lent connection': async (make: MakePool) => void (await borrow(make())),
  'has somebody who waits': async (make: MakePool) => {
    const pool = make();
    await borrowAll(pool, 2);
    pool.getConnection(() => {});
  },
  'has idle, unref’d connections': async (make: MakePool) => useTwo(unref(make())),
  'has unref’d connections used again': async (make: MakePool) => {
    const pool = unref(make());
    for (let round = 0; round < 3; round += 1) await useTwo(pool);
  },
  'has a lent, unref’d connection': async (make: MakePool) => void (await borrow(unref(make()))),
  'has somebody who waits for unref’d ones': async (make: MakePool) => {
    const pool = unref(make());
    await borrowAll(pool, 2);
    pool.getConnection(() => {});
  },
  'has no server': async (make: MakePool) => {
    make().getConnection((error) => tell({ type: 'answered', code: error?.code }));
  },
} as const;

async function useTwo(pool: Pool): Promise<void> {
  for (const connection of await borrowAll(pool, 2)) connection.release();
}

function unref(pool: Pool): Pool {
  return pool.on('connection', (connection) => within(connection).stream.unref());
}

function tell(notice: { type: string; [detail: string]: unknown }): void {
  process.send?.(notice);
}

const { options, lifeguard, errands } = JSON.parse(process.argv[2] ?? '') as Errands;
const acts = lifeguard !== undefined && lifeguard.enabled !== 'observe';

/** Runs one errand. Where connections stay idle, also what the guard asks of them by itself. */
async function run(errand: Errands['errands'][number]): Promise<void> {
  let unread = acts && errand === 'has idle connections' ? 2 : 0;
  let allRead = (): void => {};
  const asked = new Promise<void>((resolve) => {
    allRead = resolve;
  });
  const make = (): Pool => {
    const pool = createPool({ connectionLimit: 2, ...options });
    if (!lifeguard) return pool;
    guard(pool, lifeguard).on('limitRead', () => {
      unread -= 1;
      if (unread === 0) allRead();
    });
    return pool;
  };
  await ERRANDS[errand](make);
  if (unread > 0) await asked;
}

for (const errand of errands) await run(errand);
await turns(5);
tell({ type: 'done', holding: process.getActiveResourcesInfo().toSorted() });
