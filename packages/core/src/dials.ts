import type { Clock } from './clock.ts';
import { deadline } from './deadline.ts';

/** One dial under way. */
export interface Dial {
  /** The generation that its connection will be of: opened before a drop means dialed before it. */
  readonly generation: number;
  /** No answer of it is expected soon any more. */
  giveUpHope(): void;
  /** It is over. Returns how long it took. */
  end(): number;
}

/** The dials of one kind that are under way, and for how many of them it is worth to wait. */
export class Dials {
  count = 0;
  /** Those from which an answer is still expected soon. */
  hopeful = 0;
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #slow: () => void;

  /** `slow`: an answer did not come within `patienceMs`, so it is not expected soon any more. */
  constructor(clock: Clock, patienceMs: number, slow: () => void) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
    this.#slow = slow;
  }

  begin(generation: number): Dial {
    const since = this.#clock.now();
    let isHopeful = true;
    this.count++;
    this.hopeful++;
    const giveUpHope = (): void => {
      patience.cancel();
      if (isHopeful) this.hopeful--;
      isHopeful = false;
    };
    // A hung dial must not keep others from being tried.
    const patience = deadline(this.#clock, this.#patienceMs, () => {
      giveUpHope();
      this.#slow();
    });
    return {
      generation,
      giveUpHope,
      end: () => {
        giveUpHope();
        this.count--;
        return this.#clock.now() - since;
      },
    };
  }
}
