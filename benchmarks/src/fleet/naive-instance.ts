import type { DriverError } from '@pool-lifeguard/core';
import type { Instance } from './instance.ts';
import type { Network } from './network.ts';
import type { Session } from './server.ts';

/** The same lifetime as the guard's default, but for every connection alike. */
export const LIFETIME_MS = 30 * 60_000;
/** The pause after a dial that failed. */
export const RETRY_MS = 1_000;

/**
 * An instance with a pool as one would write it in an afternoon: it keeps all connections open, each for
 * thirty minutes; what is missing is dialed at once, and again a second after a dial that failed.
 */
export class NaiveInstance implements Instance {
  readonly #network: Network;
  readonly #owner: number;
  readonly #size: number;
  readonly #sessions = new Set<Session>();

  constructor(network: Network, owner: number, size: number) {
    this.#network = network;
    this.#owner = owner;
    this.#size = size;
  }

  start(): void {
    for (let count = 0; count < this.#size; count++) this.#dial();
  }

  /** A statement shows that the server is read-only: nothing that is open is of use any more. */
  work(): void {
    const { server } = this.#network;
    for (const session of this.#sessions) if (!server.serves(session)) this.#replace(session);
  }

  reset(): void {
    for (const session of this.#sessions) this.#network.reset(() => this.#replace(session));
  }

  #dial(): void {
    this.#network.dial(this.#owner, false, (answer) => this.#dialed(answer));
  }

  #dialed(answer: Session | DriverError): void {
    const { clock } = this.#network;
    if (answer instanceof Error) return void clock.timer(RETRY_MS, () => this.#dial());
    this.#sessions.add(answer);
    clock.timer(LIFETIME_MS, () => this.#replace(answer));
  }

  #replace(session: Session): void {
    if (!this.#sessions.delete(session)) return;
    this.#network.close(session);
    this.#dial();
  }
}
