import type { ConnectionRecord } from './connection-record.ts';
import { LifeguardError } from './errors.ts';
import type { Policy } from './policy.ts';

/** How far below the server's limit ours stays: a tenth, at least half a second, at most 30 s. */
export function marginMs(waitTimeoutMs: number): number {
  return Math.min(Math.max(waitTimeoutMs / 10, 500), 30_000, waitTimeoutMs / 2);
}

/** What is to be kept alive is not silent for longer than half of what would end it. */
export function longestKeepaliveMs(limitMs: number): number {
  return limitMs / 2;
}

/** The greatest limit of ours that is below the server's. */
function allowedMs(waitTimeoutMs = Infinity): number {
  return waitTimeoutMs === Infinity ? Infinity : waitTimeoutMs - marginMs(waitTimeoutMs);
}

/**
 * The server's own idle limit, as last read, and what follows from it for each connection. It is
 * read per session, because an administrator can change the global one at any time.
 */
export class ServerLimits {
  /** The newest value read, in milliseconds: serves connections that have not been asked yet. */
  waitTimeoutMs: number | undefined;
  /** In strict mode: why no connection is lent. */
  violation: LifeguardError | undefined;
  readonly #policy: Policy;
  readonly #warn: (message: string) => void;

  constructor(policy: Policy, warn: (message: string) => void) {
    this.#policy = policy;
    this.#warn = warn;
  }

  /** How long a connection may lie unused, before jitter: only the user limits that. */
  idleLimitMs(waitTimeoutMs = this.waitTimeoutMs): number {
    return this.#policy.explicitLimits.includes('idleTimeout')
      ? this.silenceLimitMs(waitTimeoutMs)
      : Infinity;
  }

  /** How long a connection may be silent, before jitter: what the user allows, below the server's limit. */
  silenceLimitMs(waitTimeoutMs = this.waitTimeoutMs): number {
    const own = this.#policy.idleTimeoutMs;
    return Math.min(own === 'auto' ? Infinity : own, allowedMs(waitTimeoutMs));
  }

  /** The lifetime of a connection before jitter. Only one that the user set is compared. */
  lifetimeMs(waitTimeoutMs = this.waitTimeoutMs): number {
    const own = this.#policy.maxLifetimeMs;
    if (!this.#policy.explicitLimits.includes('maxLifetime')) return own;
    return Math.min(own, allowedMs(waitTimeoutMs));
  }

  /** The server's limit was read on this connection. */
  learn(record: ConnectionRecord, waitTimeoutMs: number): void {
    this.waitTimeoutMs = waitTimeoutMs;
    record.waitTimeoutMs = waitTimeoutMs;
    record.idleLimitMs = this.idleLimitMs(waitTimeoutMs) * record.jitter;
    record.silenceLimitMs = this.silenceLimitMs(waitTimeoutMs) * record.jitter;
    record.retireAt = record.openedAt + this.lifetimeMs(waitTimeoutMs) * record.lifetimeJitter;
    this.#compare(waitTimeoutMs);
  }

  /** Whether a borrow must wait until the limit is known: only strict mode has something to say. */
  get mustBeKnown(): boolean {
    return (
      this.#policy.strict &&
      this.#policy.explicitLimits.length > 0 &&
      this.waitTimeoutMs === undefined
    );
  }

  #compare(waitTimeoutMs: number): void {
    this.violation = undefined;
    for (const option of this.#policy.explicitLimits) {
      const allowed =
        option === 'keepaliveTime' ? longestKeepaliveMs(waitTimeoutMs) : allowedMs(waitTimeoutMs);
      const own = this.#policy[`${option}Ms`] as number;
      if (own < waitTimeoutMs) continue;
      const message =
        `Option "${option}" is ${own} ms, but the server closes connections after ` +
        `${waitTimeoutMs} ms without use (its wait_timeout)`;
      if (this.#policy.strict) {
        this.violation = new LifeguardError(
          'LIFEGUARD_LIMIT_ABOVE_SERVER',
          `${message}; allowed: less than that, at best at most ${allowed} ms.`,
        );
      } else {
        this.#warn(`${message}; ${allowed} ms is used instead.`);
      }
    }
  }
}
