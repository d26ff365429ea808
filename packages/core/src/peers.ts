/** One address that connections lead to, and when it was last heard (see `Clock.awake`). */
export interface Peer {
  readonly address: string;
  heardAt: number;
}

/** The addresses that a pool's connections lead to. */
export class Peers {
  readonly #known = new Map<string, Peer>();

  /** The peer at this address, which was just heard. */
  heard(address: string, awake: number): Peer {
    const known = this.#known.get(address);
    if (known) {
      known.heardAt = awake;
      return known;
    }
    const peer: Peer = { address, heardAt: awake };
    this.#known.set(address, peer);
    return peer;
  }
}
