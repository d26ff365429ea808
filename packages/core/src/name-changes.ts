import type { ConnectionRecord } from './connection-record.ts';
import type { Roster } from './roster.ts';

/** A name that goes round is back at an address sooner than this; a failover and its end take longer. */
const TURN_MS = 10 * 60_000;

/** Where the server's name leads to; DNS tells at every dial. */
export class NameChanges {
  /** Addresses that the name had led to and did not any more, and since when. */
  readonly #left = new Map<string, number>();
  #rotates = false;

  /**
   * Of the addresses in `use`, those that the name does not lead to any more, now that it leads to
   * `addresses`. One that comes back soon means a name that is answered in turn with one address after
   * the other, as that of a set of replicas: from then on nothing follows from it.
   */
  left(addresses: readonly string[], use: Iterable<string>, now: number): ReadonlySet<string> {
    for (const [address, at] of this.#left) if (now - at >= TURN_MS) this.#left.delete(address);
    this.#rotates ||= addresses.some((address) => this.#left.has(address));
    const gone = new Set(this.#rotates ? [] : use);
    for (const address of addresses) gone.delete(address);
    for (const address of gone) this.#left.set(address, now);
    return gone;
  }
}

/**
 * A connection was opened: where its server's name leads to other addresses than it did, older ones to
 * these are retired, idle ones now and lent ones at their release. That is how a failover behind a DNS
 * name shows while the old server still answers.
 */
export function followName<C extends object>(roster: Roster<C>, opened: C): void {
  const { driver, names } = roster;
  const addresses = driver.addressesOf(opened);
  const own = roster.get(opened);
  // Where the two are not written alike, nothing can be said of the others either.
  if (!own || !addresses.includes(hostOf(own))) return;
  const idle = [...driver.idle()];
  const older = new Map<C, ConnectionRecord>();
  for (const connection of [...idle, ...driver.lent()]) {
    const record = roster.get(connection);
    if (record && connection !== opened) older.set(connection, record);
  }
  const gone = names.left(
    addresses,
    [...older.values()].map((record) => hostOf(record)),
    roster.clock.now(),
  );
  for (const [connection, record] of older) {
    if (!gone.has(hostOf(record))) continue;
    record.outdated = true;
    if (driver.removeIdle(connection)) roster.retire(connection, record, 'generation');
  }
}

/** The address without its port. */
function hostOf({ peer: { address } }: ConnectionRecord): string {
  return address.slice(0, address.lastIndexOf(':'));
}
