import type { Connection } from './mysql2-shapes.ts';

/**
 * What is wrong with a connection as far as this process knows: flags only, a few nanoseconds.
 * mysql2 sets `_closing` at MySQL's 4031 packet while the stream still looks alive, and a FIN shows
 * as `ended` before any event.
 */
export function defect(connection: Connection): 'closed' | 'unclean' | undefined {
  if (connection._pool === null || hungUp(connection)) return 'closed';
  // A stream with backpressure pauses the connection until its last row is out, past the release.
  const paused = connection._paused || connection.stream.isPaused();
  return paused && !busy(connection) ? 'unclean' : undefined;
}

/** Whether the socket has ended, by whoever's will, or the driver has given it up. */
export function hungUp(connection: Connection): boolean {
  const { stream } = connection;
  return Boolean(
    connection._closing ||
    connection._fatalError ||
    connection._protocolError ||
    !stream.writable ||
    stream._readableState?.ended,
  );
}

/** Whether a command has not finished; while one has, no borrower should get the connection. */
export function busy(connection: Connection): boolean {
  return Boolean(connection._command) || connection._commands.length > 0;
}

/** Where the connection leads to, told apart by address where a name has several. */
export function peer(connection: Connection): string {
  const { stream, config } = connection;
  const address = stream.remoteAddress;
  return address ? `${address}:${stream.remotePort}` : (config.socketPath ?? `${config.host}`);
}

/**
 * Closes the socket now. With an error, the driver itself answers every command that still waits
 * (`conn.destroy()` would only half-close, and nobody would be answered); without a command, the
 * connection disappears without telling the application's error listeners.
 */
export function discard(connection: Connection, error = new Error('Closed by Lifeguard.')): void {
  connection._removeFromPool();
  if (!busy(connection)) return vanish(connection);
  // A command that is just ending is gone in a moment; only for a real one is there somebody to tell.
  process.nextTick(() => {
    if (busy(connection)) connection.stream.destroy(error);
    else vanish(connection);
  });
}

function vanish(connection: Connection): void {
  connection._closing = true;
  connection.stream.destroy();
}

/** Sends COM_QUIT, so that the server counts no aborted client, and closes without waiting. */
export function retire(connection: Connection): void {
  const { stream } = connection;
  connection._removeFromPool();
  // mysql2 calls back just before it writes the packet, which may be behind a command that is ending.
  connection._realEnd(() => {
    process.nextTick(() => {
      // A stream of the application's own may be no socket.
      if (stream.destroySoon) stream.destroySoon();
      else stream.end(() => stream.destroy());
    });
  });
}
