import type { FakeClock } from './fake-clock.ts';

/** A process that polls more often than this without any time passing never comes to rest. */
const MOST_POLLS = 500;

/** Tells the turns of a faked event loop apart. */
export class Turns {
  /** How often the loop has polled. */
  polls = 0;
  #now = 0;
  #isCounted = false;
  #isSpoiled = false;

  constructor(clock: FakeClock) {
    const poll = clock.poll.bind(clock);
    let inVain = 0;
    let since = 0;
    clock.poll = () => {
      inVain = clock.now() === since ? inVain + 1 : 0;
      since = clock.now();
      if (inVain > MOST_POLLS) throw new Error('The process never comes to rest.');
      this.polls++;
      poll();
    };
  }

  /** The number of this turn: it ends when the tick queue has run empty. */
  get now(): number {
    if (!this.#isCounted) setImmediate(() => this.#end());
    this.#isCounted = true;
    return this.#now;
  }

  /** Something happens in this turn that can make a connection unfit which was just promised. */
  spoil(): void {
    this.#isSpoiled = true;
    setImmediate(() => (this.#isSpoiled = false));
  }

  /** Whether somebody may have been called in vain in this turn. */
  get isSpoiled(): boolean {
    return this.#isSpoiled;
  }

  #end(): void {
    this.#now++;
    this.#isCounted = false;
  }
}
