import { shadow, type Reach } from '@pool-lifeguard/core';
import { busy } from './health.ts';
import type { Command, Connection, Reject, Resolve } from './mariadb-shapes.ts';

/** How a statement went out: alone or not, and what was sent after it. */
export interface Sent {
  /** How far it has got, asked when it has failed. */
  reach(): Reach;
}

/** A statement: one command, or a prepare and the execute that is sent behind it at once. */
class Sending implements Sent {
  readonly #sends: Sends;
  readonly #alone: boolean;
  /** The text of a prepare that no execute has followed yet. */
  prepares: string | undefined;
  /** The number of its last command. */
  last: number;

  constructor(sends: Sends, alone: boolean, prepares: string | undefined) {
    this.#sends = sends;
    this.#alone = alone;
    this.prepares = prepares;
    this.last = sends.count;
  }

  reach(): Reach {
    if (this.#sends.parts > 0) return 'as a part';
    // A prepare by itself executes nothing.
    if (this.prepares !== undefined) return 'unsent';
    return this.#alone && this.last === this.#sends.count ? 'alone' : 'among others';
  }
}

/**
 * Counts what is sent on one connection. The driver sends a command while others are unanswered, and
 * tells the error of one write to all of them.
 */
export class Sends {
  /** Commands so far, those without an answer too: closing a statement is a write like any other. */
  count = 0;
  /** Calls under way that send one statement after the other. */
  parts = 0;
  readonly #connection: Connection;
  readonly #restore: readonly (() => void)[];
  #latest: Sending | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    const { batch, importFile } = connection;
    this.#restore = [
      shadow(connection, 'batch', (parameter, ...answers) => {
        batch.call(connection, parameter, ...this.#inParts(...answers));
      }),
      shadow(connection, 'importFile', (parameter, ...answers) => {
        importFile.call(connection, parameter, ...this.#inParts(...answers));
      }),
    ];
  }

  /** A command is about to be sent. */
  note(command: Command): Sent {
    const { sql } = command;
    const latest = this.#latest;
    if (latest?.prepares !== undefined && latest.last === this.count && latest.prepares === sql) {
      latest.prepares = undefined;
      latest.last = ++this.count;
      return latest;
    }
    const alone = !busy(this.#connection);
    this.count++;
    const prepares = 'readPrepareResultPacket' in command ? String(sql) : undefined;
    this.#latest = new Sending(this, alone, prepares);
    return this.#latest;
  }

  stop(): void {
    for (const restore of this.#restore) restore();
  }

  #inParts(resolve: Resolve, reject: Reject): [Resolve, Reject] {
    this.parts++;
    return [
      (result) => {
        this.parts--;
        resolve(result);
      },
      (error) => {
        this.parts--;
        reject(error);
      },
    ];
  }
}
