import { spawnChild, startProxy } from '@pool-lifeguard/testkit';
import type { DatabaseServer, FaultProxy, FrozenChild } from '@pool-lifeguard/testkit';
import type { ApplicationOptions, OpenOptions } from '../application/application.ts';
import type { ApplicationLog } from '../application/log.ts';
import type { Visit } from '../application/users.ts';
import type { OrmName } from '../orms.ts';
import type { Side } from './side.ts';

const SCRIPT = new URL('../application/child.ts', import.meta.url);

/** One of the two applications as the stage sees it: its process, its network, its database. */
export class App {
  readonly side: Side;
  readonly database: string;
  readonly #child: FrozenChild;
  readonly #network: FaultProxy;

  private constructor(side: Side, database: string, child: FrozenChild, network: FaultProxy) {
    this.side = side;
    this.database = database;
    this.#child = child;
    this.#network = network;
  }

  /** Starts the application on a database of its own, behind a network of its own. */
  static async start(
    orm: OrmName,
    side: Side,
    server: DatabaseServer,
    database: string,
  ): Promise<App> {
    const network = await startProxy(server);
    // The environment's kill switch would make both applications the same.
    const child = await spawnChild(SCRIPT, { env: { LIFEGUARD: '' } });
    const app = new App(side, database, child, network);
    try {
      const { host, port } = network;
      const address = { ...server.connectionOptions(), host, port, database };
      const options: ApplicationOptions = { orm, address, guarded: side === 'guarded' };
      await child.call('start', options);
      return app;
    } catch (error) {
      await app.stop();
      throw error;
    }
  }

  open(options: OpenOptions): Promise<void> {
    return this.#child.call('open', options);
  }

  close(): Promise<void> {
    return this.#child.call('close');
  }

  /** Users come; resolves when the last has his answer. */
  visit(visit: Visit): Promise<void> {
    return this.#child.call('visit', visit);
  }

  /** Lets users come after that long, and returns at once. `visited` waits for them. */
  visitLater(visit: Visit & { readonly afterMs: number }): Promise<void> {
    return this.#child.call('visitLater', visit);
  }

  visited(): Promise<void> {
    return this.#child.call('visited');
  }

  /** Makes the application compute; `began` resolves when it does, `visited` after the users. */
  compute(visit: Visit & { readonly forMs: number }): {
    readonly began: Promise<unknown>;
    readonly visited: Promise<void>;
  } {
    const visited = this.#child.call<void>('compute', visit);
    return { began: this.#child.waitFor('computing'), visited };
  }

  /** A job takes a connection; returns the server's number for it. */
  startJob(): Promise<number> {
    return this.#child.call('startJob');
  }

  finishJob(times: number): Promise<void> {
    return this.#child.call('finishJob', times);
  }

  log(): Promise<ApplicationLog> {
    return this.#child.call('log');
  }

  freeze(): Promise<void> {
    return this.#child.freeze();
  }

  thaw(): Promise<void> {
    return this.#child.thaw();
  }

  /** The network loses the connections that exist now, and tells nobody. */
  dropConnections(): void {
    this.#network.blackhole('existing');
  }

  /** The network refuses new connections, as a machine does on which nothing listens. */
  refuseConnections(): Promise<void> {
    return this.#network.refuse();
  }

  acceptConnections(): Promise<void> {
    return this.#network.pass();
  }

  async stop(): Promise<void> {
    await this.#child.kill();
    await this.#network.stop();
  }
}
