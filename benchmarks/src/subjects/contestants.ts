import type { Guard } from '@pool-lifeguard/mysql2';
import type { DatabaseServer } from '@pool-lifeguard/testkit';
import type { Sides } from '../figures.ts';

/** Connections of each pool. */
export const POOL_SIZE = 10;

/** Where a server is reached. */
export type Address = Pick<DatabaseServer, 'flavour' | 'connectionOptions'>;

/** The same subject twice, bare and guarded, with all connections open. */
export interface Contestants<T> {
  readonly sides: Sides<T>;
  /** Of the guarded side. */
  readonly guard: Guard;
  close(): Promise<void>;
}

/** Resolves when the guard has read the server's limits on all connections, which it does once. */
export function settled(guard: Guard): Promise<void> {
  return new Promise((resolve) => {
    let unread = POOL_SIZE;
    const stop = guard.on('limitRead', () => {
      if (--unread > 0) return;
      stop();
      resolve();
    });
  });
}
