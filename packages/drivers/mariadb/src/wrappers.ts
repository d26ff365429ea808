import type { Connection } from './mariadb-shapes.ts';

/** Inner connections by their `info`, which is all that a wrapper shows of the one it leads to. */
const connections = new WeakMap<object, Connection>();

/** Makes a connection known to those who hold a wrapper of it. */
export function knowWrappersOf(connection: Connection): void {
  connections.set(connection.info, connection);
}

/** The inner connection of what a pool has lent; anything else is returned as it is. */
export function unwrap(held: object): object {
  const { info } = held as { readonly info?: unknown };
  return (typeof info === 'object' && info !== null && connections.get(info)) || held;
}
