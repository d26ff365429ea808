import { once } from 'node:events';
import { Socket, connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { freePort, returnPort } from '../tools/free-port.ts';
import { ProxiedConnection } from './proxied-connection.ts';
import type { ConnectionInfo, Side } from './proxied-connection.ts';

/** Where a proxy leads to. */
export type ProxyTarget =
  | { readonly host: string; readonly port: number }
  | { readonly socketPath: string };

/** Which connections a fault is for: all that exist, or the one from that client port. */
export type Victims = 'existing' | number;

/**
 * A TCP proxy that does to connections what networks do: it loses them, forgets them, cuts them,
 * slows them down, refuses new ones. All methods act at once; `pass` ends every fault.
 */
export class FaultProxy {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly #connections: ProxiedConnection[] = [];
  #target: ProxyTarget;
  #server: Server | undefined;
  #delayMs = 0;
  #idleLimitMs = 0;
  /** How much of one side passes on new connections before they are cut. */
  #passesNew: { readonly side: Side; readonly bytes: number } | undefined;
  #losesNew = false;

  private constructor(target: ProxyTarget, port: number) {
    this.#target = target;
    this.port = port;
  }

  /** Starts a proxy which passes everything on. */
  static async start(target: ProxyTarget): Promise<FaultProxy> {
    for (let tries = 1; ; tries += 1) {
      const proxy = new FaultProxy(target, await freePort());
      try {
        await proxy.#listen();
        return proxy;
      } catch (error) {
        // Somebody else took the port in between.
        const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
        if (!isTaken || tries === 5) throw error;
      }
    }
  }

  /** Every connection made through the proxy, the closed ones too, oldest first. */
  connections(): ConnectionInfo[] {
    return this.#connections.map((connection) => connection.info());
  }

  /** Ends all faults and passes on what was held back. Connections of which something was swallowed stay lost, as they must. */
  async pass(): Promise<void> {
    this.#delayMs = 0;
    this.#losesNew = false;
    this.limitIdle(0);
    this.#passesNew = undefined;
    for (const connection of this.#connections) {
      connection.release();
      connection.find();
    }
    await this.#listen();
  }

  /**
   * Swallows what either side sends, and closes nothing: existing connections fall silent, new ones
   * are accepted and never answered. The bytes are still acknowledged to their sender.
   */
  blackhole(which: Victims | 'new' | 'all' = 'all'): void {
    if (which === 'new' || which === 'all') this.#losesNew = true;
    if (which === 'new') return;
    for (const victim of this.#victims(which === 'all' ? 'existing' : which)) victim.lose();
  }

  /** Cuts connections with RST. */
  reset(which: Victims = 'existing'): void {
    for (const victim of this.#victims(which)) victim.reset();
  }

  /**
   * Cuts existing connections with RST once so many more bytes of one side have passed, be it in the
   * middle of a packet.
   */
  resetAfter(side: Side, bytes: number): void {
    for (const victim of this.#victims('existing')) victim.resetAfter(side, bytes);
  }

  /** The same for every new connection, until `pass`. */
  resetNewAfter(side: Side, bytes: number): void {
    this.#passesNew = { side, bytes };
  }

  /** Cuts connections with FIN. */
  close(which: Victims = 'existing'): void {
    for (const victim of this.#victims(which)) victim.close();
  }

  /** Forgets connections as a NAT does: nothing happens until the client sends, then RST. */
  forget(which: Victims = 'existing'): void {
    for (const victim of this.#victims(which)) victim.forget();
  }

  /** Refuses new connections until `pass`; existing ones go on. */
  async refuse(): Promise<void> {
    const closing = this.#server;
    this.#server = undefined;
    closing?.close();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Holds back all bytes, in each direction, for this long. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Holds back all bytes, in each direction, until `pass`. */
  hold(): void {
    this.#delayMs = Infinity;
  }

  /** Closes with FIN whatever connection is silent for this long, as balancers do; 0: none. */
  limitIdle(ms: number): void {
    this.#idleLimitMs = ms;
    for (const connection of this.#connections) connection.limitIdle(ms);
  }

  /** Leads new connections somewhere else. */
  upstream(target: ProxyTarget): void {
    this.#target = target;
  }

  /** Drops all connections and stops listening for good. */
  async stop(): Promise<void> {
    await this.refuse();
    for (const connection of this.#connections) connection.dispose();
    returnPort(this.port);
  }

  async #listen(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.on('connection', (client) => this.#accept(client));
    server.listen(this.port, this.host);
    this.#server = server;
    await once(server, 'listening');
  }

  #accept(client: Socket): void {
    // Where nothing may be forwarded, the server does not even hear of the connection.
    const upstream = this.#losesNew ? new Socket() : dial(this.#target);
    const id = this.#connections.length + 1;
    const connection = new ProxiedConnection(id, client, upstream, () => this.#delayMs);
    if (this.#losesNew) connection.lose();
    connection.limitIdle(this.#idleLimitMs);
    if (this.#passesNew) connection.resetAfter(this.#passesNew.side, this.#passesNew.bytes);
    this.#connections.push(connection);
  }

  #victims(which: Victims): ProxiedConnection[] {
    return this.#connections.filter((connection) => {
      const { open, clientPort } = connection.info();
      return open && (which === 'existing' || clientPort === which);
    });
  }
}

/** Starts a proxy in front of a server. */
export function startProxy(target: ProxyTarget): Promise<FaultProxy> {
  return FaultProxy.start(target);
}

/** A whole `DatabaseServer` may be the target too; it is reached by TCP. */
function dial(target: ProxyTarget): Socket {
  if (!('port' in target)) return connect({ path: target.socketPath, allowHalfOpen: true });
  return connect({ host: target.host, port: target.port, allowHalfOpen: true, noDelay: true });
}
