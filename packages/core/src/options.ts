import type { Duration } from './duration.ts';
import type { Listeners } from './events.ts';
import type { RetryPolicy } from './retry.ts';

/** Where Lifeguard's few messages go. Default: `process.emitWarning`. */
export interface Logger {
  warn(message: string): void;
}

/** What a user may set. Every duration is milliseconds or a text such as `'30s'`. */
export interface LifeguardOptions {
  /**
   * `true` guards; `false` does nothing at all; `'observe'` judges and reports but changes nothing.
   * The environment variable `LIFEGUARD=on|off|observe` wins over it. Default `true`.
   */
  enabled?: boolean | 'observe';
  /**
   * The age at which a connection is closed and replaced, less a random part of up to a quarter so
   * that a fleet never reconnects in step. 0: no limit. Default 30 minutes.
   * Source: HikariCP `maxLifetime`.
   */
  maxLifetime?: Duration;
  /**
   * How long a connection may lie unused before it is closed. `'auto'` and 0: no limit but that of the
   * server, below whose `wait_timeout` a connection's silence stays by a margin. Default `'auto'`.
   */
  idleTimeout?: Duration | 'auto';
  /**
   * A connection used more recently than this is lent without a look. Default 500 ms, or
   * `pingAfter` or `pingIdleAfter` where these are set to less.
   * Source: HikariCP `com.zaxxer.hikari.aliveBypassWindowMs`.
   */
  aliveBypassWindow?: Duration;
  /** Without a word from the server on any connection for this long, a borrow pings. Default 5 s. */
  pingAfter?: Duration;
  /**
   * A connection silent for this long is pinged at its borrow. Default 60 s; with mariadb at most
   * `pingAfter`, because its pool by itself pings what has rested.
   */
  pingIdleAfter?: Duration;
  /** The deadline of one validation. Default 1 s. Source: HikariCP `validationTimeout`. */
  validationTimeout?: Duration;
  /**
   * The deadline over dialing and validating for one borrow. Waiting for busy connections counts
   * only when this option is set. Default 10 s. Source: HikariCP `connectionTimeout`.
   */
  connectionTimeout?: Duration;
  /**
   * How long an idle connection may be silent before it is pinged, so that no server, balancer or
   * firewall takes it for dead. `'auto'`: 2 minutes, and at most half of the smallest idle limit that
   * was read from the server or learned. A ping is no use: what nobody borrows may still be closed by
   * `idleTimeout`. What was lost, or nears its `maxLifetime`, is opened anew before it is needed. 0:
   * none of this, connections are only judged when they are borrowed (but for `minimumIdle`).
   * Default `'auto'`. Source: HikariCP `keepaliveTime`.
   */
  keepaliveTime?: Duration | 'auto';
  /**
   * Connections held over many statements are kept alive as well, but never inside a transaction: a
   * forgotten one must end. Default `false`.
   */
  keepHeld?: boolean;
  /**
   * So many idle connections are kept open, as far as the pool's own limits allow; neither
   * `idleTimeout` nor age makes them fewer. Default 0. Source: HikariCP `minimumIdle`.
   */
  minimumIdle?: number;
  /**
   * Which statements are run again when their connection is lost, or the server turns out to be
   * read-only: those that the server certainly has not run (`'unexecuted'`), also plain reads that it
   * may have run (`'reads'`), or none (`false`). Never inside a transaction, never where session
   * state is lost, and none begins later than `connectionTimeout` after the loss. Default `'unexecuted'`.
   */
  retry?: RetryPolicy;
  /**
   * A lease held for longer than this is reported, with the stack that took it, and again when it ends.
   * 0: none is. Default 0. Source: HikariCP `leakDetectionThreshold`.
   */
  leakDetectionThreshold?: Duration;
  /** Reject a limit at or above the server's own instead of clamping it. Default `false`. */
  strict?: boolean;
  /** The pool's name in events and `stats()`. Default: given by the adapter. */
  poolName?: string;
  /** Where warnings go; `false` silences them. Default: `process.emitWarning`. */
  logger?: Logger | false;
  /** Event callbacks by event name, as with `on()` of the guard. */
  on?: Partial<Listeners>;
}
