import { FLAVOUR_FACTS, flavourOfVersion } from '../flavour.ts';
import type { Flavour } from '../flavour.ts';
import { AdminConnection } from './admin-connection.ts';
import { BaseServer } from './base-server.ts';
import type { ConnectionOptions, DatabaseServer } from './database-server.ts';
import type { GlobalValue } from './server-options.ts';

/** A server that somebody else runs, given by URL. It is left as it was found. */
export class RemoteServer extends BaseServer implements DatabaseServer {
  readonly capabilities = { restart: false, freeze: false, tls: false, unixSocket: false };
  readonly socketPath = undefined;
  readonly ca = undefined;

  /** Logs in and sets the globals, until `stop`. */
  static async connect(
    flavour: Flavour,
    url: string,
    globals: Readonly<Record<string, GlobalValue>>,
  ): Promise<RemoteServer> {
    const options = parseServerUrl(url);
    const version = await askVersion(options);
    if (flavourOfVersion(version) !== flavour) {
      const { urlVariable, label } = FLAVOUR_FACTS[flavour];
      throw new Error(`${urlVariable} must point at ${label}, but that server is ${version}`);
    }
    const server = new RemoteServer(flavour, version, options);
    try {
      for (const [name, value] of Object.entries(globals)) await server.setGlobal(name, value);
    } catch (error) {
      await server.admin.close();
      throw error;
    }
    return server;
  }

  async stop(): Promise<void> {
    await this.restoreGlobals();
    await this.admin.close();
  }

  restart(): Promise<void> {
    return this.#refuse('restart');
  }

  down(): Promise<void> {
    return this.#refuse('bring down');
  }

  up(): Promise<void> {
    return this.#refuse('bring up');
  }

  freeze(): Promise<void> {
    return this.#refuse('freeze');
  }

  thaw(): Promise<void> {
    return this.#refuse('thaw');
  }

  async #refuse(what: string): Promise<never> {
    const { urlVariable, label } = FLAVOUR_FACTS[this.flavour];
    throw new Error(`cannot ${what} the ${label} server that ${urlVariable} points at`);
  }
}

/** Takes an address such as `mysql://user:password@host:3306` apart. */
function parseServerUrl(url: string): ConnectionOptions {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username || 'root'),
    password: decodeURIComponent(password),
  };
}

async function askVersion(options: ConnectionOptions): Promise<string> {
  const admin = new AdminConnection(options);
  try {
    const [row] = await admin.query<{ version: string }>('SELECT VERSION() AS version');
    return row?.version ?? '';
  } finally {
    await admin.close();
  }
}
