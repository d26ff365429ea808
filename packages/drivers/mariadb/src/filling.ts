import { shadow, type ForeignDial, type PoolGuard } from '@pool-lifeguard/core';
import { hushed, type Prepare } from './dialing.ts';
import type { Connection, ConnectionClass, Pool } from './mariadb-shapes.ts';

/** What the pool's upkeep needs to know of the guard. */
export interface FillingHost {
  readonly gate: PoolGuard<Connection>['gate'];
  /** Whether the pool has room for one more connection. */
  hasRoom(): boolean;
  readonly Connection: ConnectionClass;
  /** Makes a new connection one of the pool's. */
  readonly prepare: Prepare;
}

/**
 * The pool's own upkeep of `minimumIdle` goes on, with its pauses and its 'error' event, within what
 * the gate's dials leave of the pool's limit; what it opens goes through the gate.
 */
export class Filling {
  readonly #pool: Pool;
  readonly #host: FillingHost;
  /** The connection that is being opened. */
  #dial: ForeignDial<Connection> | undefined;

  constructor(pool: Pool, host: FillingHost) {
    this.#pool = pool;
    this.#host = host;
  }

  get isOpening(): boolean {
    return this.#dial !== undefined;
  }

  /** Takes over; `isOpening` if the pool is in the middle of it. Returns the ways back. */
  begin(isOpening: boolean): (() => void)[] {
    if (isOpening) this.#begins();
    const pool = this.#pool;
    const {
      _shouldCreateMoreConnections: should,
      _initiateConnectionCreation: initiate,
      _createPoolConnection: create,
      _handleConnectionCreationError: fails,
      _onConnectionCreationError: givesUp,
    } = pool;
    return [
      shadow(pool, '_shouldCreateMoreConnections', () => {
        return !this.isOpening && this.#host.hasRoom() && should.call(pool);
      }),
      shadow(pool, '_initiateConnectionCreation', (timeoutEnd) => {
        this.#begins();
        return initiate.call(pool, timeoutEnd);
      }),
      shadow(pool, '_createPoolConnection', (...dial) => {
        return hushed(this.#host.Connection, () => create.apply(pool, dial));
      }),
      shadow(pool, '_handleConnectionCreationError', (...failure) => {
        this.#dial?.failed();
        return fails.apply(pool, failure);
      }),
      shadow(pool, '_onConnectionCreationError', (error, timeoutEnd) => {
        this.#ends();
        return givesUp.call(pool, error, timeoutEnd);
      }),
      shadow(pool, '_prepareNewConnection', (connection, done, refused) => {
        const opened = (): void => {
          this.#ends(connection);
          done(connection);
        };
        return this.#host.prepare(connection, opened, refused);
      }),
    ];
  }

  #begins(): void {
    this.#dial = this.#host.gate.poolOpens();
  }

  #ends(connection?: Connection): void {
    // One that the pool was opening unnoticed when the guard came.
    const dial = this.#dial ?? (connection && this.#host.gate.poolOpens());
    this.#dial = undefined;
    dial?.ended(connection);
  }
}

/** Whether the pool is opening a connection by itself: it wants one, but would not begin. */
export function isFilling(pool: Pool): boolean {
  const { connectionLimit, minimumIdle } = pool.opts;
  const total = pool.totalConnections();
  const wants = total < minimumIdle || (pool.taskQueueSize() > 0 && pool.idleConnections() === 0);
  return !pool.closed && wants && total < connectionLimit && !pool._shouldCreateMoreConnections();
}
