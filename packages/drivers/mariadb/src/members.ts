import { shadow, type PoolGuard } from '@pool-lifeguard/core';
import { knowSocketOf } from './health.ts';
import type { Connection } from './mariadb-shapes.ts';
import { watchCommands } from './watch-commands.ts';
import { knowWrappersOf } from './wrappers.ts';

/**
 * The connections of a guarded pool, idle, lent or in between. The pool itself counts the lent ones
 * by thread id, which several may have behind a balancer.
 */
export class Members {
  readonly #hooks = new Map<Connection, () => void>();
  readonly #left: (connection: Connection) => void;

  /** `left`: called when one is no longer a member, whoever wanted that. */
  constructor(left: (connection: Connection) => void) {
    this.#left = left;
  }

  get size(): number {
    return this.#hooks.size;
  }

  has(connection: Connection): boolean {
    return this.#hooks.has(connection);
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#hooks.keys();
  }

  add(connection: Connection, watch: PoolGuard<Connection>['watch']): void {
    knowWrappersOf(connection);
    knowSocketOf(connection);
    const { forceEnd, destroy } = connection;
    const lost = (): void => this.remove(connection);
    connection.on('error', lost);
    const restore = [
      watchCommands(connection, watch),
      shadow(connection, 'forceEnd', (...how) => {
        this.remove(connection);
        forceEnd.apply(connection, how);
      }),
      shadow(connection, 'destroy', () => {
        this.remove(connection);
        destroy.call(connection);
      }),
      () => connection.removeListener('error', lost),
    ];
    this.#hooks.set(connection, () => {
      for (const unhook of restore) unhook();
    });
  }

  /** Its hooks stay: a closed connection may still report how it ended. */
  remove(connection: Connection): void {
    if (this.#hooks.delete(connection)) this.#left(connection);
  }

  /** Takes every hook off. */
  release(): void {
    for (const unhook of this.#hooks.values()) unhook();
    this.#hooks.clear();
  }
}
