import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { nowMs } from '../clock.ts';
import type { ConnectionEntry, SocketEnd } from './log.ts';

/** What is used of a connection of a driver's pool. */
interface PooledConnection extends EventEmitter {
  readonly threadId: number;
  /** mysql2's name for its socket. */
  readonly stream?: Socket;
  /** mariadb's name for it. */
  readonly socket?: Socket;
}

/**
 * Notes the life of every connection, by the events which the pool and the sockets emit by
 * themselves, the same for mysql2 and mariadb. It listens only, so that a bare pool stays bare.
 */
export class ConnectionLog {
  readonly entries: ConnectionEntry[] = [];
  readonly #known = new WeakMap<object, ConnectionEntry>();
  readonly #sockets = new Set<Socket>();
  /** Those of the pool that is watched now, oldest first. */
  #ofPool: ConnectionEntry[] = [];
  #closing = false;

  /** Follows a pool from its first connection on; an earlier pool's connections are past. */
  watch(pool: EventEmitter): void {
    this.#ofPool = [];
    this.#closing = false;
    pool.on('connection', (connection: PooledConnection) => this.#opened(connection));
    pool.on('acquire', (connection: PooledConnection) => {
      const entry = this.#opened(connection);
      if (isResting(entry)) entry.leases.push({ startMs: nowMs() });
    });
    pool.on('release', (connection: PooledConnection) => endLease(this.#known.get(connection)));
  }

  /** The connections of the pool that is watched now, oldest first. */
  ofPool(): readonly ConnectionEntry[] {
    return this.#ofPool;
  }

  /** From now on, what closes is closed by the application itself. */
  expectClosing(): void {
    this.#closing = true;
  }

  /** Drops what is still open. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** mariadb lends a new connection to whoever waits before it tells of it. */
  #opened(connection: PooledConnection): ConnectionEntry {
    const known = this.#known.get(connection);
    if (known) return known;
    const entry: ConnectionEntry = {
      serverId: connection.threadId,
      openedMs: nowMs(),
      leases: [],
    };
    this.entries.push(entry);
    this.#ofPool.push(entry);
    this.#known.set(connection, entry);
    this.#follow(connection, entry);
    return entry;
  }

  #follow(connection: PooledConnection, entry: ConnectionEntry): void {
    const socket = connection.stream ?? connection.socket;
    if (!socket) return;
    this.#sockets.add(socket);
    const ended = (how: SocketEnd): void => void (entry.socketEnd ??= how);
    socket.once('end', () => ended('fin'));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNRESET' || code === 'EPIPE') ended('reset');
    });
    const closed = (): void => {
      this.#sockets.delete(socket);
      ended('local');
      endLease(entry);
      entry.closedMs = nowMs();
      if (this.#closing) entry.shutdown = true;
    };
    socket.once('close', closed);
    // mariadb takes all listeners off a socket that it gives up; ours still hear what just happens.
    connection.once('end', () => {
      process.nextTick(() => {
        if (socket.destroyed && socket.listenerCount('close') === 0) closed();
      });
    });
  }
}

const isResting = ({ leases }: ConnectionEntry): boolean =>
  leases.length === 0 || leases.at(-1)?.endMs !== undefined;

function endLease(entry: ConnectionEntry | undefined): void {
  const lease = entry?.leases.at(-1);
  if (lease) lease.endMs ??= nowMs();
}
