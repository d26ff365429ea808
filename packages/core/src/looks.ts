import type { Clock } from './clock.ts';

/** What takes this long may have stood still: what the kernel got meanwhile is not read yet. */
export const STANDSTILL_MS = 500;

/**
 * Calls back after one whole poll phase of the event loop: two turns, since the first may still
 * belong to the iteration that is under way. Whatever the kernel held has been read by then.
 */
export function afterLook(clock: Clock, callback: () => void): void {
  clock.afterPoll(() => afterWholePoll(clock, callback));
}

/** The second turn; and a third where something else stood in the way of this poll for long. */
function afterWholePoll(clock: Clock, callback: () => void): void {
  const since = clock.now();
  clock.afterPoll(() => {
    if (clock.now() - since < STANDSTILL_MS) callback();
    else clock.afterPoll(callback);
  });
}

/**
 * Looks at idle connections: lets one whole poll phase pass, so that what the kernel holds of a
 * close is read, and then has the caller read the flags. It costs no round trip, and one look
 * serves everybody who asks for one within the same turn.
 */
export class Looks {
  readonly #clock: Clock;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back after the look that starts now. */
  after(callback: () => void): void {
    this.#waiting.push(callback);
    if (this.#waiting.length > 1) return;
    // Who asks after this turn's first half may have missed the poll: he starts a look of his own.
    this.#clock.afterPoll(() => {
      const round = this.#waiting;
      this.#waiting = [];
      afterWholePoll(this.#clock, () => {
        for (const seen of round) seen();
      });
    });
  }
}
