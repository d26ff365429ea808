import type { DriverError } from '@pool-lifeguard/core';
import type { DialLog } from './dial-log.ts';
import type { Server, Session } from './server.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How long a dial takes, with its handshake, at the least and at the most. */
export const DIAL_MS = { least: 1, most: 3 } as const;
/** How long a ping takes; a dial is three round trips. */
export const ROUND_TRIP_MS = 0.75;
/** How long a server needs at the most to notice that a client is gone. */
export const FAREWELL_MS = 1;

/** What lies between the fleet and its server. */
export class Network {
  readonly clock: VirtualClock;
  readonly server: Server;
  readonly #log: DialLog;
  readonly #random: () => number;

  constructor(clock: VirtualClock, server: Server, log: DialLog, random: () => number) {
    this.clock = clock;
    this.server = server;
    this.#log = log;
    this.#random = random;
  }

  /** Opens a connection; `isAwaited` when a borrower waits for it. */
  dial(owner: number, isAwaited: boolean, done: (answer: Session | DriverError) => void): void {
    this.#log.dialed(this.clock.now(), owner, isAwaited);
    const ms = DIAL_MS.least + this.#random() * (DIAL_MS.most - DIAL_MS.least);
    this.clock.timer(ms / 2, () => {
      const answer = this.server.accept(owner);
      this.clock.timer(ms / 2, () => done(answer));
    });
  }

  /** Something is asked, and answered. */
  roundTrip(answered: () => void): void {
    this.clock.timer(ROUND_TRIP_MS, answered);
  }

  /** A client closes; the server notices a moment later. */
  close(session: Session): void {
    const ms = ROUND_TRIP_MS / 2 + this.#random() * FAREWELL_MS;
    this.clock.timer(ms, () => this.server.end(session));
  }

  /** The server's end of a connection is gone, which reaches the client half a round trip later. */
  reset(received: () => void): void {
    this.clock.timer(ROUND_TRIP_MS / 2, received);
  }
}
