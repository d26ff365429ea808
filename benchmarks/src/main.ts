import { writeFileSync } from 'node:fs';
import { FLAVOUR_FACTS, ServerUnavailableError, startServer } from '@pool-lifeguard/testkit';
import type { Flavour } from '@pool-lifeguard/testkit';
import type { Plan } from './compare.ts';
import type { Figure } from './figures.ts';
import { load } from './load.ts';
import { thisMachine } from './machine.ts';
import { micro } from './micro.ts';
import { readOptions, USAGE, UsageError, type BenchOptions, type Kind } from './options.ts';
import { markdown, type Report } from './report.ts';
import { rest } from './rest.ts';

// Measures what the guard costs, against the bare driver in the same run.

const BENCHMARKS: Readonly<Record<Kind, (plan: Plan) => Promise<Figure[]>>> = { micro, load, rest };

/** Progress, apart from the report on stdout. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function bench(options: BenchOptions): Promise<Report> {
  const machine = thisMachine();
  const { pairs, seconds } = options;
  const figures: Figure[] = [];
  for (const flavour of options.servers) figures.push(...(await benchOn(flavour, options)));
  if (figures.length === 0) throw new Error('There is no server to measure on.');
  return { machine, pairs, seconds, figures };
}

async function benchOn(flavour: Flavour, options: BenchOptions): Promise<Figure[]> {
  const server = await startServer(flavour, { log: say }).catch((error: unknown) => {
    if (!(error instanceof ServerUnavailableError)) throw error;
    say(error.message);
  });
  if (!server) return [];
  const serverName = `${FLAVOUR_FACTS[flavour].label} ${server.version}`;
  const plan: Plan = {
    server,
    serverName,
    pairs: options.pairs,
    sideMs: options.seconds * 1000,
    say,
  };
  const figures: Figure[] = [];
  try {
    for (const kind of options.kinds) figures.push(...(await BENCHMARKS[kind](plan)));
  } finally {
    await server.stop();
  }
  return figures;
}

async function main(): Promise<void> {
  // The kill switch would make both sides the same.
  delete process.env['LIFEGUARD'];
  const options = readOptions(process.argv.slice(2));
  const report = await bench(options);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  process.stdout.write(`${markdown(report)}\n`);
}

main().catch((error: unknown) => {
  const misused = error instanceof UsageError;
  say(
    misused ? `${error.message}\n\n${USAGE}` : String(error instanceof Error ? error.stack : error),
  );
  // Pools of a run that broke off would keep the process alive.
  process.exit(misused ? 2 : 1);
});
