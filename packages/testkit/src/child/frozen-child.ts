import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freezeProcess, thawProcess } from '../tools/process-state.ts';
import { Watchdog } from '../tools/watchdog.ts';
import { isAnswer } from './messages.ts';
import type { AnswerMessage, CallMessage, Notice } from './messages.ts';
import { unpackError } from './wire-error.ts';

/** How a child is spawned. */
export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** How a child ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface PendingCall {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A script in a process of its own, which can be frozen in the middle of whatever it does. */
export class FrozenChild {
  /** Resolves when the process has ended, however it ended. */
  readonly exit: Promise<ChildExit>;
  readonly #process: ChildProcess;
  readonly #watchdog = new Watchdog();
  readonly #calls = new Map<number, PendingCall>();
  readonly #notices: Notice[] = [];
  readonly #arrivals = new EventEmitter();
  #lastCall = 0;
  #stdout = '';
  #stderr = '';

  constructor(process: ChildProcess) {
    this.#process = process;
    this.#watchdog.guard(process.pid);
    process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    process.on('message', (message) => this.#receive(message));
    process.on('error', (error) => this.#giveUp(error));
    this.exit = this.#awaitExit();
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** All that it has written so far. */
  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Runs one of the commands which the script serves, and returns its result or throws its error. */
  call<T = unknown>(command: string, arg?: unknown): Promise<T> {
    this.#lastCall += 1;
    const id = this.#lastCall;
    const message: CallMessage = { type: 'lifeguard:call', id, command, arg };
    return new Promise<T>((resolve, reject) => {
      this.#calls.set(id, { resolve: (result) => resolve(result as T), reject });
      this.#process.send(message, (error) => {
        if (error) this.#settle(id, (call) => call.reject(error));
      });
    });
  }

  /** Resolves with the next notice of that type, or with one that came before and was not asked for. */
  async waitFor(type: string): Promise<Notice> {
    for (;;) {
      const index = this.#notices.findIndex((notice) => notice.type === type);
      const [notice] = index < 0 ? [] : this.#notices.splice(index, 1);
      if (notice) return notice;
      if (this.hasEnded) throw this.#endError();
      await once(this.#arrivals, 'any');
    }
  }

  /** Stops the process (SIGSTOP); resolves when it stands still. */
  freeze(): Promise<void> {
    return freezeProcess(this.pid);
  }

  /** Lets the process go on (SIGCONT). */
  thaw(): Promise<void> {
    return thawProcess(this.pid);
  }

  /** Ends the process, frozen or not. */
  async kill(): Promise<ChildExit> {
    this.#process.kill('SIGKILL');
    return this.exit;
  }

  #receive(message: unknown): void {
    if (isAnswer(message)) {
      this.#settle(message.id, (call) => answerCall(call, message));
    } else {
      this.#notices.push(message as Notice);
      this.#arrivals.emit('any');
    }
  }

  #settle(id: number, how: (call: PendingCall) => void): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (call) how(call);
  }

  async #awaitExit(): Promise<ChildExit> {
    // 'close' comes after 'exit', when all output has been read too.
    const exit = await new Promise<ChildExit>((resolve) => {
      this.#process.on('close', (code, signal) => resolve({ code, signal }));
    });
    this.#watchdog.guard(undefined);
    await this.#watchdog.dismiss();
    this.#giveUp(this.#endError());
    return exit;
  }

  #giveUp(error: Error): void {
    for (const id of this.#calls.keys()) this.#settle(id, (call) => call.reject(error));
    this.#arrivals.emit('any');
  }

  #endError(): Error {
    const { exitCode, signalCode } = this.#process;
    return new Error(`the child has ended (${signalCode ?? exitCode}):\n${this.#stderr}`);
  }
}

/** Runs a script in a child process, with the same loaders and conditions as this process. */
export async function spawnChild(
  script: URL | string,
  { env = {}, args = [] }: SpawnOptions = {},
): Promise<FrozenChild> {
  const path = script instanceof URL || script.startsWith('file:') ? fileURLToPath(script) : script;
  const child = fork(path, args, {
    env: { ...process.env, ...env },
    execArgv: process.execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  await once(child, 'spawn');
  return new FrozenChild(child);
}

function answerCall(call: PendingCall, { error, result }: AnswerMessage): void {
  if (error) call.reject(unpackError(error));
  else call.resolve(result);
}
