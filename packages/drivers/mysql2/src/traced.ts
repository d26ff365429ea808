import { tracingChannel } from 'node:diagnostics_channel';
import type { GetConnection, Pool } from './mysql2-shapes.ts';

/** Since 3.19 mysql2 tells tracers of every `getConnection` on this channel. */
const channel = tracingChannel('mysql2:pool:connect');

/** Whether anybody traces borrows. */
export function isTraced(): boolean {
  return channel.hasSubscribers;
}

/** Whether the driver that made this pool tells tracers anything. */
export function tellsTracers(pool: Pool): boolean {
  for (let of: unknown = pool; of; of = Object.getPrototypeOf(of)) {
    const method = Object.getOwnPropertyDescriptor(of, 'getConnection')?.value as unknown;
    if (typeof method === 'function' && method.toString().includes('traceCallback')) return true;
  }
  return false;
}

/** Tells tracers of a borrow that does not reach the driver's own `getConnection`. */
export function traced(
  pool: Pool,
  borrow: (callback: GetConnection) => void,
  callback: GetConnection,
): void {
  const { database = '', socketPath, host, port } = pool.config.connectionConfig;
  const context = {
    database,
    serverAddress: socketPath ?? host ?? 'localhost',
    serverPort: socketPath ? undefined : (port ?? 3306),
  };
  channel.traceCallback(borrow, 0, context, null, callback);
}
