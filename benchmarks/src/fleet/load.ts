import type { Span } from './dial-log.ts';
import type { Instance } from './instance.ts';
import { poisson } from './poisson.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Borrows at once, on average: of 20 connections 8 to 15 are in use at most moments. */
export const MEAN_BORROWS = 10;
/** How often the load of an instance is sampled, in seconds, and how often around an incident. */
export const SAMPLED_EVERY = { usually: 60, closely: 4 } as const;

/** Where the load is sampled closely: from a minute before an incident to three minutes after its end. */
export const near = ({ from, to }: Span): Span => ({ from: from - 60, to: to + 180 });

/** What the application of one instance asks its pool for. */
export class Load {
  readonly #clock: VirtualClock;
  readonly #instance: Instance;
  readonly #random: () => number;
  /** When to sample closely. */
  readonly #closely: readonly Span[];

  constructor(
    clock: VirtualClock,
    instance: Instance,
    closely: readonly Span[],
    random: () => number,
  ) {
    this.#clock = clock;
    this.#instance = instance;
    this.#closely = closely;
    this.#random = random;
  }

  /** Begins at a moment of its own, so that the fleet does not work in step. */
  start(): void {
    const first = this.#random() * SAMPLED_EVERY.usually;
    this.#clock.timer(first * 1_000, () => this.#sample());
    for (const { from } of this.#closely) {
      const start = from + this.#random() * SAMPLED_EVERY.closely;
      this.#clock.timer(start * 1_000, () => this.#sampleClosely());
    }
  }

  #sample(): void {
    this.#clock.timer(SAMPLED_EVERY.usually * 1_000, () => this.#sample());
    if (!this.#span) this.#work();
  }

  #sampleClosely(): void {
    if (!this.#span) return;
    this.#clock.timer(SAMPLED_EVERY.closely * 1_000, () => this.#sampleClosely());
    this.#work();
  }

  #work(): void {
    this.#instance.work(poisson(MEAN_BORROWS, this.#random));
  }

  /** The incident that is near, if one is. */
  get #span(): Span | undefined {
    const second = this.#clock.now() / 1_000;
    return this.#closely.find(({ from, to }) => second >= from && second < to);
  }
}
