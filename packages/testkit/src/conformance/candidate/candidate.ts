import { spawnChild } from '../../child/frozen-child.ts';
import type { FrozenChild } from '../../child/frozen-child.ts';
import type { DatabaseServer } from '../../server/database-server.ts';
import type { CandidateCommands } from '../orders.ts';
import { BARE } from '../subject.ts';
import type { Subject } from '../subject.ts';

const SCRIPT = new URL('process.ts', import.meta.url);

/** A subject opened one way, in a process and on a database of its own. */
export class Candidate {
  readonly subject: Subject;
  readonly way: string;
  #database: string | undefined;
  #child: FrozenChild | undefined;
  readonly #env: Readonly<Record<string, string>>;
  #said = '';

  /** `env` is what its process has beside this one's environment. */
  constructor(subject: Subject, way: string, env: Readonly<Record<string, string>> = {}) {
    this.subject = subject;
    this.way = way;
    this.#env = env;
  }

  get guarded(): boolean {
    return this.way !== BARE;
  }

  get title(): string {
    return this.guarded ? `${this.subject.name}, ${this.way}` : `${this.subject.name}, bare`;
  }

  get database(): string {
    if (this.#database === undefined) throw new Error('the candidate has not been started');
    return this.#database;
  }

  /** All that its processes have written to their standard error. */
  get complaints(): string {
    return this.#said + (this.#child?.stderr ?? '');
  }

  /** Spawns its process, also in place of one that a fault has ended. */
  async start(server: DatabaseServer): Promise<void> {
    this.#database ??= await server.createDatabase();
    if (this.#child) return;
    const child = await spawnChild(SCRIPT, {
      args: [this.subject.module, this.way],
      env: this.#env,
    });
    this.#child = child;
    void child.exit.then(() => {
      this.#said += child.stderr;
      if (this.#child === child) this.#child = undefined;
    });
    await child.waitFor('ready');
  }

  /** Has a command run in its process. */
  tell<Name extends keyof CandidateCommands>(
    command: Name,
    ...[order]: CandidateCommands[Name]['order'] extends void
      ? []
      : [order: CandidateCommands[Name]['order']]
  ): Promise<CandidateCommands[Name]['answer']> {
    return this.#process.call(command, order);
  }

  freeze(): Promise<void> {
    return this.#process.freeze();
  }

  thaw(): Promise<void> {
    return this.#process.thaw();
  }

  /** Ends its process by itself, so that what it covered counts, and drops its database. */
  async stop(server: DatabaseServer): Promise<void> {
    const child = this.#child;
    if (child) {
      child.call('exit').catch(() => {});
      const patience = setTimeout(() => void child.kill(), 5_000);
      await child.exit;
      clearTimeout(patience);
    }
    if (this.#database !== undefined) await server.dropDatabase(this.#database);
    this.#database = undefined;
  }

  get #process(): FrozenChild {
    if (!this.#child) throw new Error(`the process of ${this.title} has ended`);
    return this.#child;
  }
}
