import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FLAVOURS, type Flavour } from '@pool-lifeguard/testkit';

/** The benchmarks there are, in the order they run. */
export const KINDS = ['micro', 'load', 'rest'] as const;
export type Kind = (typeof KINDS)[number];

/** Medians of fewer pairs are good for trying the command, not for telling the cost. */
export const ENOUGH_PAIRS = 7;
/** Many short pairs tell more than a few long ones: what disturbs the machine lasts seconds. */
const PAIRS = 61;
const SECONDS = 0.1;

/** What the command line asks for. */
export interface BenchOptions {
  readonly kinds: readonly Kind[];
  readonly servers: readonly Flavour[];
  /** How often each case is measured on both sides. */
  readonly pairs: number;
  /** How long one side of a pair is measured. */
  readonly seconds: number;
  /** The file for the figures as JSON. */
  readonly json: string | undefined;
}

export const USAGE = `Usage: npm run bench -- [options]

  --only micro|load|rest   one kind of benchmark; default all
  --server mariadb|mysql   one server; default both
  --pairs N                pairs of bare and guarded per case; default ${PAIRS}
  --seconds S              length of one side of a pair; default ${SECONDS}
  --json FILE              also write the figures as JSON
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
export function readOptions(args: readonly string[]): BenchOptions {
  const { only, server, pairs, seconds, json } = parse(args);
  return {
    kinds: only === undefined ? KINDS : [oneOf('--only', only, KINDS)],
    servers: server === undefined ? FLAVOURS : [oneOf('--server', server, FLAVOURS)],
    pairs: pairs === undefined ? PAIRS : wholeNumber('--pairs', pairs, 1, 1000),
    seconds: seconds === undefined ? SECONDS : number('--seconds', seconds, 0.01, 600),
    json: json === undefined ? undefined : writableFile('--json', json),
  };
}

function parse(args: readonly string[]): Record<string, string | undefined> {
  const text = { type: 'string' } as const;
  const options = { only: text, server: text, pairs: text, seconds: text, json: text };
  try {
    return { ...parseArgs({ args: [...args], options, strict: true }).values };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  return found ?? refuse(option, value, allowed.join(' or '));
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  return refuse(option, text, `a whole number from ${least} to ${most}`);
}

function number(option: string, text: string, least: number, most: number): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  return refuse(option, text, `a number of seconds from ${least} to ${most}`);
}

/** Told before the measuring, not after it. */
function writableFile(option: string, file: string): string {
  const path = resolve(file);
  const folder = statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() === true;
  const taken = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (file !== '' && folder && !taken) return path;
  return refuse(option, file, 'a file in a folder that exists');
}

function refuse(option: string, value: string, allowed: string): never {
  throw new UsageError(`${option} is ${JSON.stringify(value)}; allowed: ${allowed}.`);
}
