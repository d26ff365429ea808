import type { Connection, GetConnection, Queue } from './mysql2-shapes.ts';

/** The pool's own ways, as they were before the guard. */
export interface BarePool {
  getConnection(callback: GetConnection): unknown;
  releaseConnection(connection: Connection): unknown;
}

/** The items of a queue, as they are now. */
export function items<T>(queue: Queue<T>): T[] {
  return Array.from({ length: queue.length }, (_, index) => queue.get(index));
}
