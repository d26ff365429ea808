import { writeFileSync } from 'node:fs';
import {
  FLAVOURS,
  FLAVOUR_FACTS,
  ServerUnavailableError,
  startServer,
  writePage,
} from '@pool-lifeguard/testkit';
import type { Flavour } from '@pool-lifeguard/testkit';
import { BENCHMARKS } from './kinds/kinds.ts';
import type { Plan } from './measuring/compare.ts';
import type { Figure } from './measuring/figures.ts';
import {
  ENOUGH_PAIRS,
  KINDS,
  readOptions,
  USAGE,
  UsageError,
  type BenchOptions,
} from './options.ts';
import { thisMachine } from './report/machine.ts';
import { markdown, PAGE, type Report } from './report/report.ts';
import { versions } from './report/versions.ts';

// Measures what the guard costs, against the bare driver in the same run.

/** The largest pools, bare and guarded, and room for what others leave behind. */
const MANY = { max_connections: 2_500 };

/** Progress, apart from the report on stdout. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function bench(options: BenchOptions): Promise<Report> {
  const machine = thisMachine();
  const { kinds, pairs, seconds } = options;
  const figures: Figure[] = [];
  for (const flavour of options.servers) figures.push(...(await benchOn(flavour, options)));
  if (figures.length === 0) {
    throw new Error('Nothing was measured: there is no server, or no such subject.');
  }
  return {
    machine,
    versions: versions(),
    pairs: Object.fromEntries(kinds.map((kind) => [kind, pairs[kind]])),
    seconds,
    figures,
  };
}

async function benchOn(flavour: Flavour, options: BenchOptions): Promise<Figure[]> {
  const server = await startServer(flavour, { globals: MANY, log: say }).catch((error: unknown) => {
    if (!(error instanceof ServerUnavailableError)) throw error;
    say(error.message);
  });
  if (!server) return [];
  const serverName = `${FLAVOUR_FACTS[flavour].label} ${server.version}`;
  const wants = (subject: string): boolean => subject.includes(options.subject ?? '');
  const figures: Figure[] = [];
  try {
    for (const kind of options.kinds) {
      const rounds = options.pairs[kind];
      const sideMs = options.seconds * 1000;
      const plan: Plan = { server, serverName, kind, wants, rounds, sideMs, say };
      figures.push(...(await BENCHMARKS[kind](plan)));
    }
  } finally {
    await server.stop();
  }
  return figures;
}

/** What keeps a run from being the whole measurement that the page shows; undefined: nothing. */
function lacking({ subject }: BenchOptions, { pairs, figures }: Report): string | undefined {
  const measured = Object.values(pairs);
  if (measured.length < KINDS.length) return 'not every kind was measured';
  if (new Set(figures.map(({ server }) => server)).size < FLAVOURS.length) {
    return 'not every server was measured';
  }
  if (subject !== undefined) return 'not every subject was measured';
  const few = measured.some((rounds) => rounds < ENOUGH_PAIRS);
  return few ? `fewer than ${ENOUGH_PAIRS} pairs are no measurement` : undefined;
}

async function main(): Promise<void> {
  // The kill switch would make both sides the same.
  delete process.env['LIFEGUARD'];
  const options = readOptions(process.argv.slice(2));
  const report = await bench(options);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  const text = markdown(report);
  process.stdout.write(text);
  const reason = options.write ? undefined : lacking(options, report);
  if (reason === undefined) await writePage(PAGE, text);
  say(reason === undefined ? `${PAGE} is written` : `${PAGE} is left alone: ${reason} (--write)`);
}

main().catch((error: unknown) => {
  const misused = error instanceof UsageError;
  say(
    misused ? `${error.message}\n\n${USAGE}` : String(error instanceof Error ? error.stack : error),
  );
  // Pools of a run that broke off would keep the process alive.
  process.exit(misused ? 2 : 1);
});
