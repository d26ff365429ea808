import { serveCommands, turns, waitUntil } from '@pool-lifeguard/testkit';
import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2';
import { guard } from '../../src/index.ts';
import { askOne, borrow, within } from '../support/calls.ts';

/** A connection that somebody holds while it is killed, in a process of its own. */
let pool: Pool;
let held: PoolConnection;

serveCommands({
  async hold({ options, guarded }: { options: PoolOptions; guarded: boolean }): Promise<number> {
    pool = createPool(options);
    if (guarded) guard(pool);
    held = await borrow(pool);
    return held.threadId;
  },
  /** Uses the dead connection in the ways that have nobody to tell an error to. */
  async useAfterItsEnd(): Promise<unknown> {
    await waitUntil(() => within(held).stream.destroyed);
    await turns();
    setImmediate(() => held.query('SELECT 1'));
    setImmediate(() => held.query('SELECT 2')?.on('error', () => {}));
    await turns();
    held.release();
    return askOne(pool, 'SELECT 3');
  },
});
