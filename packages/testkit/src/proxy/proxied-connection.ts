import type { Socket } from 'node:net';
import { Lane } from './lane.ts';

/** Which of the two speaks. */
export type Side = 'client' | 'server';

/** What the proxy knows of one connection that was made through it. */
export interface ConnectionInfo {
  readonly id: number;
  /** The client's own port. */
  readonly clientPort: number;
  /** The port from which the server sees it come, as in its process list. */
  readonly upstreamPort: number | undefined;
  readonly bytesFromClient: number;
  readonly bytesFromServer: number;
  /** Who sent the latest byte: the client, while it waits for an answer. */
  readonly latest: Side | undefined;
  /** Whether the client's side is still open. */
  readonly open: boolean;
}

/** `lost` swallows everything; `forgotten` also answers the client's next byte with RST. */
type Fate = 'passing' | 'lost' | 'forgotten';

/** A client's socket, the socket that continues it to the server, and what happens in between. */
export class ProxiedConnection {
  readonly id: number;
  readonly clientPort: number;
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #lanes: readonly Lane[];
  #fate: Fate = 'passing';
  #swallowed = false;
  #latest: Side | undefined;
  readonly #bytes: Record<Side, number> = { client: 0, server: 0 };
  /** How many bytes of a side still pass before the connection is cut. */
  readonly #left: Record<Side, number> = { client: Infinity, server: Infinity };

  constructor(id: number, client: Socket, upstream: Socket, delayMs: () => number) {
    this.id = id;
    this.clientPort = client.remotePort ?? 0;
    this.#client = client;
    this.#upstream = upstream;
    const toServer = new Lane(client, upstream, {
      delayMs,
      admit: (chunk) => this.#admit('client', chunk),
      ended: () => this.#ended('client') && upstream.end(),
    });
    const toClient = new Lane(upstream, client, {
      delayMs,
      admit: (chunk) => this.#admit('server', chunk),
      ended: () => this.#ended('server') && client.end(),
    });
    this.#lanes = [toServer, toClient];
    client.on('timeout', () => this.close());
    client.on('error', () => this.#passing && abort(upstream));
    upstream.on('error', () => this.#passing && abort(client));
  }

  info(): ConnectionInfo {
    return {
      id: this.id,
      clientPort: this.clientPort,
      upstreamPort: this.#upstream.localPort,
      bytesFromClient: this.#bytes.client,
      bytesFromServer: this.#bytes.server,
      latest: this.#latest,
      open: !this.#client.destroyed,
    };
  }

  /** Swallows all that either side sends from now on, also that it closes. */
  lose(): void {
    if (this.#passing) this.#stopPassing('lost');
  }

  /** Passes on what is held back. */
  release(): void {
    for (const lane of this.#lanes) lane.release();
  }

  /** Undoes `lose`, unless something was swallowed: then the two sides cannot find together again. */
  find(): void {
    const whole = !this.#swallowed && this.#upstream.readyState === 'open';
    if (this.#fate === 'lost' && whole) this.#fate = 'passing';
  }

  /** Answers the client's next byte with RST; until then nothing happens. */
  forget(): void {
    this.#stopPassing('forgotten');
  }

  /** Passes so many more bytes of one side and cuts it with RST then, be it in the middle of a packet. */
  resetAfter(side: Side, bytes: number): void {
    this.#left[side] = bytes;
  }

  /** Closes it once nothing has passed for this long; 0: never. */
  limitIdle(ms: number): void {
    this.#client.setTimeout(ms);
  }

  /** Cuts it with RST, both ways. */
  reset(): void {
    abort(this.#client);
    this.dispose();
  }

  /** Cuts it with FIN, both ways. */
  close(): void {
    for (const lane of this.#lanes) lane.drop();
    this.#client.destroySoon();
    this.#upstream.destroySoon();
  }

  /** Drops whatever is left of it. */
  dispose(): void {
    for (const lane of this.#lanes) lane.drop();
    this.#client.destroy();
    abort(this.#upstream);
  }

  get #passing(): boolean {
    return this.#fate === 'passing';
  }

  #stopPassing(fate: 'lost' | 'forgotten'): void {
    this.#fate = fate;
    for (const lane of this.#lanes) {
      if (lane.drop() > 0) this.#swallowed = true;
    }
  }

  #admit(side: Side, chunk: Buffer): Buffer {
    this.#bytes[side] += chunk.length;
    this.#latest = side;
    if (side === 'client' && this.#fate === 'forgotten') abort(this.#client);
    if (!this.#passing) this.#swallowed = true;
    const passed = chunk.subarray(0, this.#passing ? this.#left[side] : 0);
    this.#left[side] -= passed.length;
    // What passes is handed on first.
    if (passed.length > 0 && this.#left[side] === 0) setImmediate(() => this.reset());
    return passed;
  }

  /** Whether the other side is to hear that this one has ended. */
  #ended(side: Side): boolean {
    if (side === 'client' && this.#fate === 'forgotten') abort(this.#client);
    if (!this.#passing) this.#swallowed = true;
    return this.#passing;
  }
}

/**
 * Closes a TCP socket with RST. A unix socket knows no such thing and is just closed; so is one that is
 * saying goodbye: Node would lose the handle then, and never end its process.
 */
function abort(socket: Socket): void {
  if (socket.destroyed) return;
  const isTcp = socket.remoteFamily !== undefined;
  if (isTcp && !socket.writableEnded) socket.resetAndDestroy();
  else socket.destroy();
}
