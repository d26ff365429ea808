import type { Guard, LifeguardOptions } from '@pool-lifeguard/mysql2';
import type { DatabaseServer, FaultProxy } from '@pool-lifeguard/testkit';

/** Connections of a pool, unless a benchmark wants another number. */
export const POOL_SIZE = 10;

/** Where a server is reached. */
export type Address = Pick<DatabaseServer, 'flavour' | 'connectionOptions'>;

/** A server as it is reached through a proxy. */
export function behind({ host, port }: FaultProxy, server: Address): Address {
  return {
    flavour: server.flavour,
    connectionOptions: () => ({ ...server.connectionOptions(), host, port }),
  };
}

/** What is to be opened. */
export interface Opening {
  readonly server: Address;
  /** The guard's options; undefined: bare. */
  readonly guarding: LifeguardOptions | undefined;
  /** How many connections; default `POOL_SIZE`. */
  readonly size?: number;
}

/** One subject, bare or guarded, with all its connections open. */
export interface Opened<T> {
  readonly subject: T;
  /** Undefined for the bare one. */
  readonly guard: Guard | undefined;
  close(): Promise<void>;
}

/**
 * Opens all connections and lets a guard come to rest: it has read the server's limits on every
 * connection then, which it does once.
 */
export async function settle(
  guard: Guard | undefined,
  size: number,
  fill: () => Promise<void>,
): Promise<void> {
  const settled = guard && limitsRead(guard, size);
  await fill();
  await settled;
}

function limitsRead(guard: Guard, connections: number): Promise<void> {
  return new Promise((resolve) => {
    let unread = connections;
    const stop = guard.on('limitRead', () => {
      if (--unread > 0) return;
      stop();
      resolve();
    });
  });
}
