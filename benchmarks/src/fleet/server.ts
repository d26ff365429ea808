import type { DriverError } from '@pool-lifeguard/core';

/** One connection as its server sees it. */
export interface Session {
  /** The number of the instance that dialed it. */
  readonly owner: number;
  /** Which server it is on: the first one, the one after a restart or a failover, and so on. */
  readonly era: number;
  isOpen: boolean;
}

const refused: DriverError = Object.assign(new Error('connect ECONNREFUSED'), {
  code: 'ECONNREFUSED',
});
const tooMany: DriverError = Object.assign(new Error('Too many connections'), { errno: 1040 });

/** The database that the whole fleet shares. It counts sessions, and refuses those above its limit. */
export class Server {
  readonly maxConnections: number;
  /** Sessions that are open. */
  open = 0;
  mostOpen = 0;
  /** The most sessions that one instance ever had open. */
  mostOfOne = 0;
  /** Dials that were refused since `maxConnections` were open. */
  tooMany = 0;
  #era = 0;
  #isDown = false;
  readonly #openOf: Uint32Array;

  constructor(instances: number, maxConnections: number) {
    this.maxConnections = maxConnections;
    this.#openOf = new Uint32Array(instances);
  }

  /** A dial arrives. */
  accept(owner: number): Session | DriverError {
    if (this.#isDown) return refused;
    if (this.open >= this.maxConnections) {
      this.tooMany++;
      return tooMany;
    }
    const own = (this.#openOf[owner] ?? 0) + 1;
    this.#openOf[owner] = own;
    this.mostOfOne = Math.max(this.mostOfOne, own);
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    return { owner, era: this.#era, isOpen: true };
  }

  /** A session ends from the client's side. */
  end(session: Session): void {
    if (!this.serves(session)) return;
    session.isOpen = false;
    this.open--;
    this.#openOf[session.owner] = (this.#openOf[session.owner] ?? 0) - 1;
  }

  /** Whether the session is open on the server that takes writes now. */
  serves({ era, isOpen }: Session): boolean {
    return isOpen && era === this.#era;
  }

  /** It dies with all its sessions, and refuses every dial until it is back. */
  crash(): void {
    this.#isDown = true;
    this.failOver();
  }

  restart(): void {
    this.#isDown = false;
  }

  /** Another server takes the writes, and new connections lead there. */
  failOver(): void {
    this.#era++;
    this.open = 0;
    this.#openOf.fill(0);
  }
}
