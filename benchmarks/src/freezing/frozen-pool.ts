import { spawnChild, type FrozenChild } from '@pool-lifeguard/testkit';
import type { First } from '../measuring/first-answer.ts';
import type { Address } from '../subjects/opened.ts';
import type { Way } from '../subjects/sides.ts';
import type { Order } from './child.ts';

/** A pool in a process of its own, which can be frozen. */
export class FrozenPool {
  readonly name: string;
  readonly #subject: string;
  readonly #way: Way;
  #child: FrozenChild | undefined;
  #answer: Promise<number> | undefined;

  constructor(subject: string, way: Way) {
    this.name = way.name;
    this.#subject = subject;
    this.#way = way;
  }

  /** False before `open`, and again when an error that nobody handled has ended the process. */
  get isOpen(): boolean {
    return this.#child?.hasEnded === false;
  }

  /** Starts the process and opens the pool. */
  async open(server: Address): Promise<void> {
    this.#child = await spawnChild(new URL('child.ts', import.meta.url));
    await this.#child.waitFor('ready');
    const order: Order = {
      flavour: server.flavour,
      options: server.connectionOptions(),
      subject: this.#subject,
      way: this.#way,
    };
    await this.#child.call('open', order);
  }

  /** Has all connections answer once more, stops the process, and sends it a statement to ask. */
  async freeze(): Promise<void> {
    const child = this.#running;
    const frozen = child.call('freshen').then(() => child.freeze());
    // Before the server closes anything: the request is the first thing that the process will read.
    this.#answer = frozen.then(() => child.call<number>('first'));
    // Whoever thaws the process hears of a failure, of the freezing too.
    this.#answer.catch(() => {});
    await Promise.allSettled([frozen]);
  }

  /** Lets the process go on; resolves with what the statement took. */
  readonly first: First = async () => {
    if (!this.#answer) throw new Error('The process is not frozen.');
    try {
      await this.#running.thaw();
      return await this.#answer;
    } catch (error) {
      throw this.isOpen ? error : new Error(this.#end, { cause: error });
    }
  };

  async close(): Promise<void> {
    await this.#child?.kill();
  }

  /** That the process has ended, and the error that ended it. */
  get #end(): string {
    const thrown = /^\w*Error\b.*$/m.exec(this.#running.stderr);
    return thrown ? `the process ended (${thrown[0]})` : 'the process ended';
  }

  get #running(): FrozenChild {
    if (!this.#child) throw new Error('The process was not started.');
    return this.#child;
  }
}
