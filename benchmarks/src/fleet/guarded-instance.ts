import { Emitter, PoolGuard, readOptions } from '@pool-lifeguard/core';
import type { Instance } from './instance.ts';
import type { Network } from './network.ts';
import { SimulatedPool, type Connection } from './simulated-pool.ts';

/** How long a borrower keeps a connection. */
export const HOLD_MS = 50;

const policy = readOptions({ logger: false }, {});

/** Borrows that were served at the same time, and end at the same time. */
interface Batch {
  readonly at: number;
  readonly connections: Connection[];
}

/** An instance whose pool is guarded by core itself, with default options. */
export class GuardedInstance implements Instance {
  /** Borrows that ended with an error. */
  failedBorrows = 0;
  readonly #network: Network;
  readonly #pool: SimulatedPool;
  readonly #guard: PoolGuard<Connection>;
  readonly #size: number;
  #batch: Batch | undefined;

  /** `random`: what the guard jitters with. */
  constructor(network: Network, owner: number, size: number, random: () => number) {
    const { clock } = network;
    this.#network = network;
    this.#size = size;
    this.#pool = new SimulatedPool(network, owner, size);
    this.#guard = new PoolGuard(this.#pool, { policy, emitter: new Emitter(), clock, random });
    this.#pool.guard = this.#guard;
  }

  start(): void {
    this.work(this.#size);
  }

  work(borrows: number): void {
    for (let count = 0; count < borrows; count++) this.#guard.gate.borrow(this.#lent);
  }

  reset(): void {
    this.#pool.reset();
  }

  readonly #lent = (error: Error | null, connection?: Connection): void => {
    if (error) this.failedBorrows++;
    if (!connection) return;
    const { clock } = this.#network;
    const at = clock.now();
    if (this.#batch?.at !== at) {
      const batch: Batch = { at, connections: [] };
      this.#batch = batch;
      clock.timer(HOLD_MS, () => this.#end(batch));
    }
    this.#batch.connections.push(connection);
  };

  #end({ connections }: Batch): void {
    for (const connection of connections) {
      this.#pool.answered(connection);
      this.#guard.gate.release(connection);
    }
  }
}
