import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { freezeProcess, thawProcess } from '../tools/process-state.ts';
import { lastLines } from '../tools/run.ts';

/** The server's own process, in a session of its own so that no Ctrl-C reaches it. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #log: string;
  #frozen = false;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#exited = once(child, 'exit');
    this.#log = log;
    child.unref();
  }

  /** Runs a command; what it says is appended to the log file. */
  static async spawn(command: readonly string[], log: string): Promise<ServerProcess> {
    const [file = '', ...args] = command;
    const output = await open(log, 'a');
    try {
      const stdio = ['ignore', output.fd, output.fd] as const;
      const child = spawn(file, args, { detached: true, stdio: [...stdio] });
      await once(child, 'spawn');
      return new ServerProcess(child, log);
    } finally {
      await output.close();
    }
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  /** Ends the process and resolves when it is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!this.running) return;
    this.#child.ref();
    this.#child.kill(signal);
    // What stands still hears of a SIGTERM only when it goes on; it may be gone before it does.
    if (this.#frozen) this.#child.kill('SIGCONT');
    this.#frozen = false;
    await this.#exited;
  }

  async freeze(): Promise<void> {
    this.#frozen = true;
    await freezeProcess(this.pid);
  }

  async thaw(): Promise<void> {
    this.#frozen = false;
    if (this.running) await thawProcess(this.pid);
  }

  /** The end of what the server has said, for error messages. */
  async lastWords(): Promise<string> {
    return lastLines(await readFile(this.#log, 'utf8'), 15);
  }
}
