import type { ConnectionView, Guard } from '@pool-lifeguard/core';
import { nowMs } from '../clock.ts';
import type { ConnectionLog } from './connection-log.ts';
import type { ConnectionEntry, GuardAct } from './log.ts';

/** Notes what Lifeguard tells of itself, and adds its reasons to the connections it closes. */
export class GuardLog {
  readonly entries: GuardAct[] = [];
  readonly #connections: ConnectionLog;

  constructor(connections: ConnectionLog) {
    this.#connections = connections;
  }

  follow(guard: Guard): void {
    const byId = new Map<number, ConnectionEntry>();
    // What is open before Lifeguard comes is told by no event, and counted first.
    const entryOf = ({ id }: ConnectionView): ConnectionEntry | undefined =>
      byId.get(id) ?? this.#connections.ofPool()[id - 1];

    guard.on('opened', ({ connection }) => {
      const entry = this.#connections.ofPool().at(-1);
      if (entry) byId.set(connection.id, entry);
    });
    guard.on('closed', ({ connection, reason }) => {
      const entry = entryOf(connection);
      // What the other side or the driver has ended is none of Lifeguard's deeds.
      if (entry && reason !== 'closed' && reason !== 'removed') entry.guardReason ??= reason;
    });
    guard.on('validated', ({ by, connection, healthy }) => {
      const entry = entryOf(connection);
      if (entry && by === 'look' && !healthy) entry.guardReason = 'look';
    });
    guard.on('moved', () => this.#note('moved'));
    guard.on('openFailed', () => this.#note('dial-failed'));
  }

  #note(act: GuardAct['act']): void {
    this.entries.push({ atMs: nowMs(), act });
  }
}
