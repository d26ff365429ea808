/** How much a new value weighs in the mean and in the spread. */
const MEAN_WEIGHT = 1 / 8;
const SPREAD_WEIGHT = 1 / 4;

/**
 * How long something usually takes, as TCP estimates its round trips: a smoothed mean, and how far the
 * values lie from it. Source: RFC 6298, Computing TCP's Retransmission Timer.
 */
export class UsualTime {
  #meanMs: number | undefined;
  #spreadMs = 0;
  /** It was never measured. */
  #isGuess = true;

  /** It took so long once more. */
  took(ms: number): void {
    this.#isGuess = false;
    if (this.#meanMs === undefined) return this.#begin(ms);
    this.#spreadMs += (Math.abs(ms - this.#meanMs) - this.#spreadMs) * SPREAD_WEIGHT;
    this.#meanMs += (ms - this.#meanMs) * MEAN_WEIGHT;
  }

  /** It takes no longer than this, as far as can be told before it was measured. */
  guess(atMostMs: number): void {
    if (this.#isGuess && atMostMs < (this.#meanMs ?? Infinity)) this.#begin(atMostMs);
  }

  #begin(ms: number): void {
    this.#meanMs = ms;
    this.#spreadMs = ms / 2;
  }

  /** What takes longer than this is later than usual; `Infinity` while nothing is known. */
  get latestMs(): number {
    return this.#meanMs === undefined ? Infinity : this.#meanMs + 4 * this.#spreadMs;
  }
}
