import type { Socket } from 'node:net';
import type { Connection } from './mariadb-shapes.ts';

/** Of a connection's `status`: the handshake is over, and nothing has ended it. */
const CONNECTED = 5;

/**
 * What is wrong with a connection as far as this process knows: flags only, a few nanoseconds. A FIN
 * shows as `ended` before any event; after MySQL's 4031 packet the driver may still call it valid.
 */
export function defect(connection: Connection): 'closed' | 'unclean' | undefined {
  if (hungUp(connection)) return 'closed';
  // A stream with backpressure pauses the socket until its last row is out, past the release.
  return connection.socket?.isPaused() && !busy(connection) ? 'unclean' : undefined;
}

/** Whether the socket has ended, by whoever's will, or the driver has given it up. */
export function hungUp({ status, socket }: Connection): boolean {
  return (
    status !== CONNECTED ||
    socket === undefined ||
    socket.destroyed ||
    !socket.writable ||
    socket._readableState?.ended === true
  );
}

/** Whether a command has not finished; one that has may still be the first in its queue. */
export function busy({ sendQueue, receiveQueue }: Connection): boolean {
  if (sendQueue.length > 0) return true;
  for (let at = 0; at < receiveQueue.length; at++) {
    if (receiveQueue.peekAt(at)?.onPacketReceive !== null) return true;
  }
  return false;
}

const sockets = new WeakMap<Connection, Socket>();

/** Remembers the socket of a connection, which the driver forgets when it is lost. */
export function knowSocketOf(connection: Connection): void {
  if (connection.socket) sockets.set(connection, connection.socket);
}

export function bytesRead(connection: Connection): number {
  return (connection.socket ?? sockets.get(connection))?.bytesRead ?? -1;
}

/** Where the connection leads to, told apart by address where a name has several. */
export function peer({ socket, opts }: Connection): string {
  const address = socket?.remoteAddress;
  return address ? `${address}:${socket.remotePort}` : (opts.socketPath ?? `${opts.host}`);
}

/** Says goodbye and closes; the driver waits for no answer to that. */
export function leave(connection: Connection): void {
  connection.forceEnd(null, nothing, nothing);
}

/**
 * Closes the socket now. Commands that still wait are answered with `error`. The driver's own
 * `destroy()` would open a second connection then, to kill what the first one is doing.
 */
export function discard(connection: Connection, error = new Error('Closed by Lifeguard.')): void {
  const { socket } = connection;
  if (busy(connection)) {
    connection.fatalError(error, true);
  } else {
    connection.receiveQueue.clear();
    (Object.getPrototypeOf(connection) as Connection).destroy.call(connection);
  }
  // Where the driver was already saying goodbye, it waits for an answer.
  socket?.destroy();
}

function nothing(): void {}
