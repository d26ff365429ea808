import type { Figure } from './figures.ts';
import { isBusy, runsFromSource, type Machine } from './machine.ts';
import { ENOUGH_PAIRS } from './options.ts';
import { table } from './table.ts';

/** All that one run found; also what is written as JSON. */
export interface Report {
  readonly machine: Machine;
  readonly pairs: number;
  readonly seconds: number;
  readonly figures: readonly Figure[];
}

/** The report as Markdown. */
export function markdown(report: Report): string {
  const servers = [...new Set(report.figures.map(({ server }) => server))];
  const sections = servers.map((server) => {
    const figures = report.figures.filter((figure) => figure.server === server);
    return `## ${server}\n\n${table(figures)}`;
  });
  return [...preface(report), ...sections].join('\n\n');
}

function preface({ machine, pairs, seconds }: Report): string[] {
  const { node, cpu, cores, loadAverage } = machine;
  const lines = [
    `Medians of ${pairs} pairs, bare and guarded in turn, each side under load for ${seconds} s, ` +
      `on Node ${node}, ${cores} × ${cpu}. Load average before the start: ${loadAverage.toFixed(2)}.`,
  ];
  if (isBusy(machine)) {
    lines.push('**Other work runs on this machine: the figures are noisy.**');
  }
  if (runsFromSource()) {
    lines.push('**Measured on the sources, which are slower than the built packages.**');
  }
  if (pairs < ENOUGH_PAIRS) {
    lines.push(`**Fewer than ${ENOUGH_PAIRS} pairs: a trial run, no measurement.**`);
  }
  return lines;
}
