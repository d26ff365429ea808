import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProgram } from '../programs/server-program.ts';
import { freePort, returnPort } from '../tools/free-port.ts';
import { waitUntil } from '../tools/wait-until.ts';
import { Watchdog } from '../tools/watchdog.ts';
import { BaseServer } from './base-server.ts';
import { writeCertificate } from './certificate.ts';
import { copyTemplate } from './data-template.ts';
import type { DatabaseServer, DownOptions, RestartOptions } from './database-server.ts';
import { serverFolder, servingOptions } from './server-options.ts';
import type { GlobalValue, ServerFolder } from './server-options.ts';
import { ServerProcess } from './server-process.ts';

const START_TIMEOUT_MS = 60_000;

/** Says that somebody else took the port before the server could. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/** A server of our own, in a process and a folder that go away with it. */
export class PrivateServer extends BaseServer implements DatabaseServer {
  readonly capabilities = { restart: true, freeze: true, tls: true, unixSocket: true };
  readonly ca: string;
  readonly #command: readonly string[];
  readonly #folder: ServerFolder;
  readonly #watchdog: Watchdog;
  #process: ServerProcess | undefined;

  private constructor(
    program: ServerProgram,
    options: readonly string[],
    { folder, watchdog, port, ca }: Premises,
  ) {
    super(program.flavour, program.version, {
      host: '127.0.0.1',
      port,
      user: 'root',
      password: '',
    });
    this.ca = ca;
    this.#command = [...program.command, ...options];
    this.#folder = folder;
    this.#watchdog = watchdog;
  }

  /** Copies the template and serves it; the globals hold across restarts. */
  static async start(
    program: ServerProgram,
    template: string,
    globals: Readonly<Record<string, GlobalValue>>,
  ): Promise<PrivateServer> {
    const premises = await furnish(template);
    const options = servingOptions(program, premises.folder, premises.port, globals);
    const server = new PrivateServer(program, options, premises);
    try {
      await server.up();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get socketPath(): string {
    return this.#folder.socketPath;
  }

  async up(): Promise<void> {
    if (this.#process?.running) return;
    this.#process = await ServerProcess.spawn(this.#command, this.#folder.log);
    this.#watchdog.guard(this.#process.pid);
    await waitUntil(() => this.#isReady(), { timeoutMs: START_TIMEOUT_MS, what: 'a first login' });
    this.forgetGlobals();
  }

  async down({ signal = 'SIGTERM' }: DownOptions = {}): Promise<void> {
    await this.admin.close();
    await this.#process?.end(signal);
    this.#watchdog.guard(undefined);
  }

  async restart({ signal, downForMs = 0 }: RestartOptions = {}): Promise<void> {
    await this.down(signal ? { signal } : {});
    if (downForMs > 0) await sleep(downForMs);
    await this.up();
  }

  async freeze(): Promise<void> {
    await this.#process?.freeze();
  }

  async thaw(): Promise<void> {
    await this.#process?.thaw();
  }

  async stop(): Promise<void> {
    await this.down({ signal: 'SIGKILL' });
    await this.#watchdog.dismiss();
    returnPort(this.port);
  }

  /** Ready means that a real login works, and that it is this server which let us in. */
  async #isReady(): Promise<boolean> {
    if (!this.#process?.running) throw await this.#failure();
    try {
      const [row] = await this.query<{ socket: string }>('SELECT @@socket AS socket');
      if (row?.socket === this.socketPath) return true;
    } catch {
      return false;
    }
    throw new PortTakenError(`another server listens on port ${this.port}`);
  }

  async #failure(): Promise<Error> {
    const lastWords = (await this.#process?.lastWords()) ?? '';
    const Kind = /already in use/i.test(lastWords) ? PortTakenError : Error;
    return new Kind(`${this.version} did not start on port ${this.port}:\n${lastWords}`);
  }
}

interface Premises {
  readonly folder: ServerFolder;
  readonly watchdog: Watchdog;
  readonly port: number;
  readonly ca: string;
}

async function furnish(template: string): Promise<Premises> {
  const folder = serverFolder(await mkdtemp(join(tmpdir(), 'lifeguard-')));
  const watchdog = new Watchdog(folder.root);
  try {
    await copyTemplate(template, folder.data);
    return { folder, watchdog, port: await freePort(), ca: await writeCertificate(folder) };
  } catch (error) {
    await watchdog.dismiss();
    throw error;
  }
}
