import type { PoolGuard } from '@pool-lifeguard/core';
import type { BarePool } from './bare-pool.ts';
import type { Connection } from './mariadb-shapes.ts';
import type { Members } from './members.ts';
import type { MariadbDriver } from './pool-driver.ts';
import type { PrivateParts } from './private-parts.ts';

/** What a release needs to know of its pool and of the guard. */
export interface ReleasesHost {
  readonly parts: PrivateParts;
  readonly bare: BarePool;
  readonly driver: MariadbDriver;
  readonly members: Members;
  readonly guard: Pick<PoolGuard<Connection>, 'gate' | 'roster'>;
}

/** How leases end: what the pool itself notes, tells and controls then, around the gate's release. */
export class Releases {
  readonly #host: ReleasesHost;

  constructor(host: ReleasesHost) {
    this.#host = host;
  }

  /** The end of `query()` and its like: nothing is controlled. */
  release(connection: Connection): unknown {
    const { bare, guard } = this.#host;
    if (this.#leaves(connection)) return bare.release(connection);
    if (this.#mayRelease(connection) && this.#note(connection)) guard.gate.release(connection);
    return undefined;
  }

  /** The release of a connection that somebody held. */
  controlAndRelease(connection: Connection, callback: () => void = () => undefined): unknown {
    const { parts, bare, driver, guard } = this.#host;
    const leaves = this.#leaves(connection) || !connection.isValid();
    if (leaves) return bare._handleRelease(connection, callback);
    if (!this.#mayRelease(connection) || !this.#note(connection)) return callback();
    if (parts.pool.opts.noControlAfterUse) {
      guard.gate.release(connection);
      return callback();
    }
    driver.controls(connection, callback);
    return guard.gate.release(connection);
  }

  /** The pool has ended, or the connection is none of its own any more. */
  #leaves(connection: Connection): boolean {
    return this.#host.driver.undone || !this.#host.members.has(connection);
  }

  #mayRelease(connection: Connection): boolean {
    const state = this.#host.guard.roster.get(connection)?.state;
    return state === undefined || state === 'leased';
  }

  /** What the pool itself notes and tells at a release; false where it closed the connection. */
  #note(connection: Connection): boolean {
    const { parts, bare, driver, members } = this.#host;
    parts.active[connection.threadId] = connection;
    bare.release(connection);
    driver.removeIdle(connection);
    return members.has(connection);
  }
}
