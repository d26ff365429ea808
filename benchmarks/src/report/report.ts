import { markdownTable } from 'markdown-table';
import type { Figure } from '../measuring/figures.ts';
import { ENOUGH_PAIRS, KINDS, type Kind } from '../options.ts';
import { charts } from './charts.ts';
import { goalList } from './goal-list.ts';
import { isBusy, runsFromSource, type Machine } from './machine.ts';
import { SECTIONS } from './sections.ts';
import { table } from './table.ts';

/** Where the report goes, relative to the root. */
export const PAGE = 'docs/performance.md';

/** All that one run found; also what is written as JSON. */
export interface Report {
  readonly machine: Machine;
  /** By package. */
  readonly versions: Readonly<Record<string, string>>;
  /** By kind of benchmark. */
  readonly pairs: Readonly<Partial<Record<Kind, number>>>;
  readonly seconds: number;
  readonly figures: readonly Figure[];
}

/** The report as Markdown. */
export function markdown(report: Report): string {
  const { figures } = report;
  const parts = [
    '# Performance',
    ...preface(report),
    ...goalList(figures),
    ...KINDS.flatMap((kind) => section(kind, report)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function preface(report: Report): string[] {
  return [
    `What the guard costs, always against the bare driver in the same run. Written by \`npm run bench\`;
every number on this page was measured in that run.`,
    setting(report),
    ...warnings(report),
    `All sides of a case are measured one right after the other, in many short rounds, and take turns in
going first. Each figure is the median over all rounds, added and ratio those of the rounds' own
differences and ratios, and the last column the range in which the true median of the ratio lies with a
confidence of 95 %: where it is wide, something else kept the machine busy.`,
  ];
}

function setting({ machine, versions, figures, seconds }: Report): string {
  const { date, node, system, cpu, cores, loadAverage } = machine;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return markdownTable([
    ['setting', ''],
    ['measured', date.slice(0, 16).replace('T', ' ').concat(' UTC')],
    ['machine', `${cores} × ${cpu}, ${system}`],
    ['load average before', loadAverage.toFixed(2)],
    ['Node', node],
    ['servers', serversOf(figures).join(', ')],
    ['packages', packages.join(', ')],
    ['a side under load', `${seconds} s a round`],
  ]);
}

function warnings({ machine, pairs }: Report): string[] {
  const few = Object.values(pairs).some((rounds) => rounds < ENOUGH_PAIRS);
  return [
    ...(isBusy(machine) ? ['**Other work ran on this machine: the figures are noisy.**'] : []),
    ...(runsFromSource()
      ? ['**Measured on the sources, which are slower than the built packages.**']
      : []),
    ...(few ? [`**Fewer than ${ENOUGH_PAIRS} rounds: a trial run, no measurement.**`] : []),
  ];
}

function section(kind: Kind, { figures, pairs }: Report): string[] {
  const own = figures.filter((figure) => figure.kind === kind);
  if (own.length === 0) return [];
  const { title, text } = SECTIONS[kind];
  const perServer = serversOf(own).flatMap((server) => {
    const there = own.filter((figure) => figure.server === server);
    return [`### ${title}: ${server}`, ...charts(there), table(there)];
  });
  return [`## ${title}`, `${text} Rounds: ${pairs[kind]}.`, ...perServer];
}

function serversOf(figures: readonly Figure[]): string[] {
  return [...new Set(figures.map(({ server }) => server))];
}
