import ms from 'ms';
import { LifeguardError } from './errors.ts';

/** A span of time: a number of milliseconds, or a text such as `'30s'`, `'10m'`, `'1.5h'`. */
export type Duration = number | string;

/**
 * Milliseconds of a duration.
 *
 * @throws LifeguardError `LIFEGUARD_INVALID_OPTION`, naming the option and what it allows.
 */
export function toMs(option: string, value: unknown, min: number, max: number): number {
  const parsed = typeof value === 'string' ? parse(value) : value;
  if (typeof parsed === 'number' && parsed >= min && parsed <= max) return parsed;
  throw new LifeguardError(
    'LIFEGUARD_INVALID_OPTION',
    `Option "${option}" is ${show(value)}; allowed: a number of milliseconds or a text such as ` +
      `"30s" or "10m", from ${min} ms to ${max === Number.MAX_SAFE_INTEGER ? 'no limit' : `${max} ms`}.`,
  );
}

/** A value as an error message shows it: short, and never an object's contents. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}

function parse(text: string): number | undefined {
  // `ms` throws for an empty or a very long text and answers undefined for other nonsense.
  if (text.trim() === '' || text.length > 60) return undefined;
  return ms(text as ms.StringValue);
}
