/** The first pause after a failed dial, and the longest one. */
const FIRST_MS = 25;
const LONGEST_MS = 250;

/**
 * Pauses between dials that fail: doubling up to 250 ms, and those before that less a random part of up
 * to a half. So many processes that begin together get out of step, and none dials more than four times
 * a second for long.
 */
export class Backoff {
  #failures = 0;
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Whether the last dial failed. */
  get failing(): boolean {
    return this.#failures > 0;
  }

  /** Notes a failure and says how long to wait before the next dial. */
  next(): number {
    const pause = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
    return pause < LONGEST_MS ? pause * (1 - this.#random() / 2) : pause;
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
