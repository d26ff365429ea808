import type { Listeners } from './events.ts';
import type { Logger } from './options.ts';
import type { RetryPolicy } from './retry.ts';

/** The limits that must be below the server's. */
export const LIMITS = ['maxLifetime', 'idleTimeout', 'keepaliveTime'] as const;
export type Limit = (typeof LIMITS)[number];

/** The options after reading: times in milliseconds, all defaults filled in, frozen. */
export interface Policy {
  readonly mode: 'on' | 'off' | 'observe';
  readonly maxLifetimeMs: number;
  readonly idleTimeoutMs: number | 'auto';
  readonly aliveBypassMs: number;
  readonly pingAfterMs: number;
  readonly pingIdleAfterMs: number;
  readonly validationTimeoutMs: number;
  readonly connectionTimeoutMs: number;
  /** The deadline also runs while a borrow waits for busy connections. */
  readonly limitsWaiting: boolean;
  /** The limits that the user set himself: only those are compared with the server's. */
  readonly explicitLimits: readonly Limit[];
  /** `Infinity`: none is kept alive. */
  readonly keepaliveTimeMs: number | 'auto';
  readonly keepHeld: boolean;
  readonly minimumIdle: number;
  readonly retry: RetryPolicy;
  /** `Infinity`: no lease is reported. */
  readonly leakDetectionMs: number;
  readonly strict: boolean;
  readonly poolName: string | undefined;
  readonly logger: Logger | false | undefined;
  readonly listeners: Partial<Listeners>;
}
