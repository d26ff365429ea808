import type { DatabaseServer, FaultProxy } from '@pool-lifeguard/testkit';

/** Somebody who does something bad to all connections at once, again and again. */
export interface Mischief {
  /** Maybe does something, at once, before a write of so many bytes. */
  strike(bytes: number): void;
  /** Resolves when nothing is under way any more. */
  end(): Promise<void>;
}

/** One write in so many is struck. */
const SELDOM = 12;

/**
 * Faults of every phase: before a statement (also in the same turn of the event loop, so that its
 * connection is lent and only the write can tell), in the middle of its bytes, while the server works
 * on it, in the middle of the answer.
 */
export function mischief(proxy: FaultProxy, server: DatabaseServer, db: string): Mischief {
  let killing: Promise<unknown> | undefined;
  const faults: readonly ((bytes: number) => void)[] = [
    () => proxy.reset(),
    () => proxy.close(),
    (bytes) => proxy.resetAfter('client', 1 + below(bytes)),
    () => proxy.resetAfter('server', 1 + below(30)),
    () => {
      killing ??= server.killAll({ db }).finally(() => (killing = undefined));
    },
  ];
  return {
    strike(bytes) {
      if (below(SELDOM) === 0) faults[below(faults.length)]?.(bytes);
    },
    async end() {
      await killing;
    },
  };
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}
