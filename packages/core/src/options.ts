import { LONGEST_MS } from './clock.ts';
import { show, toMs, type Duration } from './duration.ts';
import { LifeguardError } from './errors.ts';
import { EVENT_NAMES, isEventName, type Listeners } from './events.ts';
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
   * none of this, connections are only judged when they are borrowed (but for `minimumIdle`). Default `'auto'`. Source: HikariCP
   * `keepaliveTime`.
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

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Default, least and greatest value of every duration, in milliseconds. */
const DURATIONS = {
  maxLifetime: [30 * 60_000, 0, NO_LIMIT],
  idleTimeout: ['auto', 0, NO_LIMIT],
  aliveBypassWindow: [500, 0, NO_LIMIT],
  pingAfter: [5_000, 0, NO_LIMIT],
  pingIdleAfter: [60_000, 0, NO_LIMIT],
  validationTimeout: [1_000, 1, LONGEST_MS],
  connectionTimeout: [10_000, 1, LONGEST_MS],
  keepaliveTime: ['auto', 0, LONGEST_MS],
  leakDetectionThreshold: [0, 0, LONGEST_MS],
} as const;

const OTHERS: Readonly<Record<string, { allowed: string; test(value: unknown): boolean }>> = {
  enabled: {
    allowed: 'true, false or "observe"',
    test: (value) => typeof value === 'boolean' || value === 'observe',
  },
  keepHeld: { allowed: 'true or false', test: (value) => typeof value === 'boolean' },
  minimumIdle: {
    allowed: 'a whole number from 0',
    test: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  },
  retry: {
    allowed: '"unexecuted", "reads" or false',
    test: (value) => value === 'unexecuted' || value === 'reads' || value === false,
  },
  strict: { allowed: 'true or false', test: (value) => typeof value === 'boolean' },
  poolName: {
    allowed: 'a text that is not empty',
    test: (value) => typeof value === 'string' && value !== '',
  },
  logger: {
    allowed: 'an object with a function warn(message), or false',
    test: (value) => value === false || (isObject(value) && typeof value['warn'] === 'function'),
  },
  on: {
    allowed: `an object of functions by event name: ${EVENT_NAMES.join(', ')}`,
    test: (value) =>
      isObject(value) &&
      Object.entries(value).every(
        ([name, listener]) => isEventName(name) && typeof listener === 'function',
      ),
  },
};

/** The limits that must be below the server's. */
const LIMITS = ['maxLifetime', 'idleTimeout', 'keepaliveTime'] as const;
export type Limit = (typeof LIMITS)[number];

const OPTION_NAMES = [...Object.keys(DURATIONS), ...Object.keys(OTHERS)];

/**
 * Reads what the user and the environment say.
 *
 * @throws LifeguardError `LIFEGUARD_INVALID_OPTION` for an unknown option or an impossible value.
 */
export function readOptions(
  options: LifeguardOptions = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Policy {
  const given: unknown = options;
  if (!isObject(given)) {
    throw invalid(`Lifeguard's options are ${show(given)}; allowed: an object.`);
  }
  for (const [name, value] of Object.entries(given)) check(name, value);
  const ms = (name: keyof typeof DURATIONS): number => {
    const [fallback, min, max] = DURATIONS[name];
    return toMs(name, given[name] === undefined ? fallback : given[name], min, max);
  };
  const connectionTimeoutMs = ms('connectionTimeout');
  const keepaliveTimeMs = isAuto(options.keepaliveTime) ? 'auto' : ms('keepaliveTime') || Infinity;
  const explicit = (name: Limit): boolean =>
    given[name] !== undefined && !isAuto(given[name]) && ms(name) > 0;
  return Object.freeze({
    mode: modeOf(options.enabled, environment),
    maxLifetimeMs: ms('maxLifetime') || Infinity,
    idleTimeoutMs: isAuto(options.idleTimeout) ? 'auto' : ms('idleTimeout') || Infinity,
    aliveBypassMs: bypass(given, ms('aliveBypassWindow'), ms('pingAfter'), ms('pingIdleAfter')),
    pingAfterMs: ms('pingAfter'),
    pingIdleAfterMs: ms('pingIdleAfter'),
    validationTimeoutMs: validationTimeout(given, ms('validationTimeout'), connectionTimeoutMs),
    connectionTimeoutMs,
    limitsWaiting: given['connectionTimeout'] !== undefined,
    explicitLimits: Object.freeze(LIMITS.filter(explicit)),
    keepaliveTimeMs,
    keepHeld: keepHeld(given, keepaliveTimeMs),
    minimumIdle: options.minimumIdle ?? 0,
    retry: options.retry ?? 'unexecuted',
    leakDetectionMs: ms('leakDetectionThreshold') || Infinity,
    strict: options.strict ?? false,
    poolName: options.poolName,
    logger: options.logger,
    listeners: Object.freeze({ ...options.on }),
  });
}

function check(name: string, value: unknown): void {
  if (!OPTION_NAMES.includes(name)) {
    const meant = OPTION_NAMES.find((known) => known.toLowerCase() === name.toLowerCase());
    throw invalid(
      `Unknown option "${name}"${meant ? `; did you mean "${meant}"?` : '.'} ` +
        `Allowed: ${OPTION_NAMES.join(', ')}.`,
    );
  }
  const rule = OTHERS[name];
  if (rule && value !== undefined && !rule.test(value)) {
    throw invalid(`Option "${name}" is ${show(value)}; allowed: ${rule.allowed}.`);
  }
}

function modeOf(
  enabled: boolean | 'observe' | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Policy['mode'] {
  const said = environment['LIFEGUARD']?.trim().toLowerCase();
  if (said === 'on' || said === 'off' || said === 'observe') return said;
  if (said) {
    throw invalid(
      `Environment variable LIFEGUARD is ${show(said)}; allowed: "on", "off", "observe".`,
    );
  }
  if (enabled === 'observe') return 'observe';
  return enabled === false ? 'off' : 'on';
}

function validationTimeout(
  given: Readonly<Record<string, unknown>>,
  validationMs: number,
  connectionMs: number,
): number {
  if (validationMs <= connectionMs) return validationMs;
  if (given['validationTimeout'] === undefined) return connectionMs;
  throw invalid(
    `Option "validationTimeout" is ${validationMs} ms; allowed: at most "connectionTimeout", ` +
      `which is ${connectionMs} ms.`,
  );
}

function keepHeld(
  given: Readonly<Record<string, unknown>>,
  keepaliveTimeMs: Policy['keepaliveTimeMs'],
): boolean {
  if (given['keepHeld'] !== true) return false;
  if (keepaliveTimeMs !== Infinity) return true;
  throw invalid(
    'Option "keepHeld" is true while "keepaliveTime" is 0, which keeps nothing alive; allowed: ' +
      'true with a "keepaliveTime" of more than 0.',
  );
}

function invalid(message: string): LifeguardError {
  return new LifeguardError('LIFEGUARD_INVALID_OPTION', message);
}

/** Who only sets a smaller time after which to ping does not want it to be bypassed. */
function bypass(
  given: Readonly<Record<string, unknown>>,
  bypassMs: number,
  ...pingMs: readonly number[]
): number {
  return given['aliveBypassWindow'] === undefined ? Math.min(bypassMs, ...pingMs) : bypassMs;
}

function isAuto(value: unknown): boolean {
  return value === undefined || value === 'auto';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
