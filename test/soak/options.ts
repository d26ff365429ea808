import { FLAVOURS, type Flavour } from '@pool-lifeguard/testkit';
import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface SoakOptions {
  readonly minutes: number;
  readonly servers: readonly Flavour[];
  /** By which everything random can be repeated. */
  readonly seed: number;
}

export const USAGE = `Usage: npm run soak -- [options]

  --minutes N              how long the traffic lasts; default 10
  --server mariadb|mysql   one server; default both, at the same time
  --seed N                 repeats the random choices of another run; default a new one
`;

/** Thrown for a command line that cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the command line.
 *
 * @throws UsageError naming the option, the value given and what is allowed.
 */
export function readOptions(args: readonly string[]): SoakOptions {
  const { minutes = '10', server, seed } = parse(args);
  const flavour = FLAVOURS.find((one) => one === server);
  if (server !== undefined && !flavour) refuse('--server', server, FLAVOURS.join(' or '));
  return {
    minutes: number('--minutes', minutes, 0.1, 10_000),
    servers: flavour ? [flavour] : FLAVOURS,
    seed: seed === undefined ? newSeed() : Math.floor(number('--seed', seed, 0, 2 ** 32 - 1)),
  };
}

/** A seed for a run that repeats no other. */
export function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

function parse(args: readonly string[]): Record<string, string | undefined> {
  const text = { type: 'string' } as const;
  try {
    const options = { minutes: text, server: text, seed: text };
    return { ...parseArgs({ args: [...args], options, strict: true }).values };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function number(option: string, text: string, least: number, most: number): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  return refuse(option, text, `a number from ${least} to ${most}`);
}

function refuse(option: string, value: string, allowed: string): never {
  throw new UsageError(`${option} is ${JSON.stringify(value)}; allowed: ${allowed}.`);
}
