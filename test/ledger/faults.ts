import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseServer, FaultProxy } from '@pool-lifeguard/testkit';

/** Somebody who does something bad to all connections at once, again and again. */
export interface Mischief {
  /** Maybe does something, at once, before a write of so many bytes. */
  strike(bytes: number): void;
  /** Resolves when nothing is under way any more. */
  end(): Promise<void>;
}

/** How it is done. */
export interface Manner {
  /** One write in so many is struck. */
  readonly oneIn: number;
  /** Nothing but this, which is at once, so that what is written then goes nowhere. */
  readonly only?: 'reset';
  /** Whether the server becomes read-only for a moment, too. */
  readonly flips?: boolean;
}

/** So long a server is read-only. */
const FLIP_MS = 30;

/**
 * Faults of every phase: before a statement (also in the same turn of the event loop, so that its
 * connection is lent and only the write can tell), in the middle of its bytes, while the server works
 * on it, in the middle of the answer.
 */
export function mischief(
  proxy: FaultProxy,
  server: DatabaseServer,
  db: string,
  { oneIn, only, flips = false }: Manner,
): Mischief {
  let acting: Promise<unknown> | undefined;
  const one = (act: () => Promise<unknown>): void => {
    acting ??= act().finally(() => (acting = undefined));
  };
  const flip = async (): Promise<void> => {
    await server.setGlobal('read_only', 1);
    await sleep(FLIP_MS);
    await server.setGlobal('read_only', 0);
  };
  const reset = (): void => proxy.reset();
  const all: readonly ((bytes: number) => void)[] = [
    reset,
    () => proxy.close(),
    (bytes) => proxy.resetAfter('client', 1 + below(bytes)),
    () => proxy.resetAfter('server', 1 + below(30)),
    () => one(() => server.killAll({ db })),
    ...(flips ? [() => one(flip)] : []),
  ];
  const faults = only === 'reset' ? [reset] : all;
  return {
    strike(bytes) {
      if (below(oneIn) === 0) faults[below(faults.length)]?.(bytes);
    },
    async end() {
      await acting;
    },
  };
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}
