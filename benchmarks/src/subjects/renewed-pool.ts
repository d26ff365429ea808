import type { Ask } from '../measuring/closed-loop.ts';
import { freshen } from '../measuring/first-answer.ts';
import { POOL_SIZE, type Opened, type Opening } from './opened.ts';

/** A pool that is opened anew for each round: of what one round did to it, the next knows nothing. */
export class RenewedPool {
  readonly #open: () => Promise<Opened<Ask>>;
  #opened: Opened<Ask> | undefined;

  constructor(open: (opening: Opening) => Promise<Opened<Ask>>, opening: Opening) {
    this.#open = () => open(opening);
  }

  readonly ask: Ask = (answered) => {
    if (!this.#opened) throw new Error('The pool is not open.');
    this.#opened.subject(answered);
  };

  async renew(): Promise<void> {
    await this.close();
    this.#opened = await this.#open();
    await freshen(this.ask, POOL_SIZE);
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    // What it has lost meanwhile may be told once more.
    await opened?.close().catch(() => {});
  }
}
