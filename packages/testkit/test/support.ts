import { createConnection } from 'mysql2';
import type { Connection, ConnectionOptions } from 'mysql2';
import type { Socket } from 'node:net';

const opened: Connection[] = [];

/** Opens a bare driver connection, which `closeClients` closes. */
export async function openClient(options: ConnectionOptions): Promise<Connection> {
  const connection = createConnection({ connectTimeout: 5_000, ...options });
  opened.push(connection);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  connection.on('error', () => {});
  return connection;
}

/** Drops the sockets of all clients opened since the last call. */
export function closeClients(): void {
  for (const connection of opened.splice(0)) socketOf(connection).destroy();
}

/** The socket that a driver connection runs on. */
export function socketOf(connection: Connection): Socket {
  return (connection as unknown as { stream: Socket }).stream;
}

/** Runs a statement and returns its rows. */
export function ask<T = Record<string, unknown>>(
  connection: Connection,
  sql: string,
): Promise<T[]> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error, rows) => (error ? reject(error) : resolve(rows as T[])));
  });
}

/** The end of a socket: what it was, and the bytes that came before it. */
export interface Ending {
  readonly how: 'FIN' | 'RST';
  readonly bytes: Buffer;
}

/** Resolves when the other side ends the socket, and tells how it did. */
export function endingOf(socket: Socket): Promise<Ending> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    socket.once('end', () => resolve({ how: 'FIN', bytes: Buffer.concat(chunks) }));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve({ how: 'RST', bytes: Buffer.concat(chunks) });
      else reject(error);
    });
  });
}

/** Whether a promise is still undecided after everything that could decide it has had its turn. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const undecided = Symbol('undecided');
  const later = new Promise((resolve) => setImmediate(() => setImmediate(resolve, undecided)));
  return (await Promise.race([promise.catch(() => {}), later])) === undecided;
}
