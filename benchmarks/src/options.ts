import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FLAVOURS, type Flavour } from '@pool-lifeguard/testkit';

/** The benchmarks there are, in the order they run. */
export const KINDS = ['micro', 'load', 'rest', 'freeze', 'drop', 'peers'] as const;
export type Kind = (typeof KINDS)[number];

/** Medians of fewer pairs are good for trying the command, not for telling the cost. */
export const ENOUGH_PAIRS = 7;
/** Many short pairs tell more than a few long ones: what disturbs the machine lasts seconds. */
const PAIRS: Readonly<Record<Kind, number>> = {
  micro: 31,
  load: 41,
  // These wait for seconds in each round.
  rest: 11,
  freeze: 11,
  drop: 7,
  peers: 41,
};
const SECONDS = 0.1;

/** What the command line asks for. */
export interface BenchOptions {
  readonly kinds: readonly Kind[];
  readonly servers: readonly Flavour[];
  /** A part of the names of the drivers and ORMs that are measured; undefined: all. */
  readonly subject: string | undefined;
  /** How often each case of a kind is measured on all sides. */
  readonly pairs: Readonly<Record<Kind, number>>;
  /** How long one side of a pair is measured under load. */
  readonly seconds: number;
  /** The file for the figures as JSON. */
  readonly json: string | undefined;
  /** Write the page, whatever was measured. */
  readonly write: boolean;
}

export const USAGE = `Usage: npm run bench -- [options]

Measures and prints the report. A whole run (every kind, server and subject, at least ${ENOUGH_PAIRS} pairs)
also writes it to docs/performance.md; a part of one leaves that page alone.

  --only ${KINDS.join('|')}
                           one kind of benchmark; default all
  --server mariadb|mysql   one server; default both
  --subject TEXT           of load, rest, freeze and drop only the drivers and ORMs with TEXT in
                           their name, such as Prisma; default all
  --pairs N                rounds per case, in each of which every side is measured once;
                           default ${defaultPairs()}
  --seconds S              length of one side of a pair under load; default ${SECONDS}
  --json FILE              also write the figures as JSON
  --write                  write docs/performance.md even if only a part was measured
`;

function defaultPairs(): string {
  return KINDS.map((kind) => `${PAIRS[kind]} for ${kind}`).join(', ');
}

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
  const { only, server, subject, pairs, seconds, json, write } = parse(args);
  return {
    kinds: only === undefined ? KINDS : [oneOf('--only', only, KINDS)],
    servers: server === undefined ? FLAVOURS : [oneOf('--server', server, FLAVOURS)],
    subject,
    pairs: pairs === undefined ? PAIRS : forAll(wholeNumber('--pairs', pairs, 1, 1000)),
    seconds: seconds === undefined ? SECONDS : number('--seconds', seconds, 0.01, 600),
    json: json === undefined ? undefined : writableFile('--json', json),
    write: write === true,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    only: text,
    server: text,
    subject: text,
    pairs: text,
    seconds: text,
    json: text,
    write: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function forAll(pairs: number): Record<Kind, number> {
  return { micro: pairs, load: pairs, rest: pairs, freeze: pairs, drop: pairs, peers: pairs };
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
