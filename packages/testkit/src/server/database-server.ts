import type { Flavour } from '../flavour.ts';
import type { ProcessRow } from './process-list.ts';
import type { GlobalValue } from './server-options.ts';

/** What can be done to a server; one that was given by URL is not ours to restart. */
export interface ServerCapabilities {
  readonly restart: boolean;
  readonly freeze: boolean;
  readonly tls: boolean;
  readonly unixSocket: boolean;
}

/** What every driver needs to log in. */
export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** How a server is brought down. */
export interface DownOptions {
  /** SIGTERM (the default) says goodbye to clients, SIGKILL does not. */
  readonly signal?: 'SIGTERM' | 'SIGKILL';
}

/** How a server is restarted. */
export interface RestartOptions extends DownOptions {
  /** Milliseconds between its end and its new start; default 0. */
  readonly downForMs?: number;
}

/** Which clients are cut. */
export interface KillFilter {
  readonly db?: string;
  /** The ports from which the server sees them come. */
  readonly clientPorts?: readonly (number | undefined)[];
}

/**
 * A real server to test against: where it listens, what is going on in it, and the things that go
 * wrong with servers.
 */
export interface DatabaseServer {
  readonly flavour: Flavour;
  readonly version: string;
  readonly host: string;
  readonly port: number;
  /** `undefined` unless `capabilities.unixSocket`. */
  readonly socketPath: string | undefined;
  /** The PEM of the CA that signed the server's certificate, if `capabilities.tls`. */
  readonly ca: string | undefined;
  readonly capabilities: ServerCapabilities;

  /** An address such as drivers take it, with user and password. */
  url(database?: string): string;
  connectionOptions(): ConnectionOptions;

  /** Runs a statement on a connection of the server's own, which no fault is meant for. */
  query<T = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<T[]>;
  /** Creates a database under a name that was never used before and returns the name. */
  createDatabase(prefix?: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;

  /** The clients which the server itself sees, without the connection that asks. */
  processList(): Promise<ProcessRow[]>;
  /** Cuts a connection and resolves when the server has forgotten it. */
  kill(id: number): Promise<void>;
  /** Cuts all clients, or those in one database or from these ports; returns how many there were. */
  killAll(filter?: KillFilter): Promise<number>;

  /** Sets a global variable, which a restart undoes. */
  setGlobal(name: string, value: GlobalValue): Promise<void>;
  /** Puts back every global variable that was changed by `setGlobal`. */
  restoreGlobals(): Promise<void>;

  /** Ends it for good and removes all it has stored. */
  stop(): Promise<void>;
  /** Ends it and starts it again on the same port, with the same data. */
  restart(options?: RestartOptions): Promise<void>;
  /** Ends it until `up`. */
  down(options?: DownOptions): Promise<void>;
  up(): Promise<void>;
  /** Stops its process, as a machine that hangs: sockets stay open and nobody answers. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}
