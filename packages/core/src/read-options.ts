import { LONGEST_MS } from './clock.ts';
import { show, toMs } from './duration.ts';
import { LifeguardError } from './errors.ts';
import { EVENT_NAMES, isEventName } from './events.ts';
import type { LifeguardOptions } from './options.ts';
import { LIMITS, type Limit, type Policy } from './policy.ts';

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
