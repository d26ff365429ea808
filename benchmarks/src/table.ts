import { MEASURES, type Figure } from './figures.ts';

const HEAD = ['case', 'measure', 'bare', 'guarded', 'added', 'ratio', 'ratio, 95 % within'];

/** The figures of one server as a Markdown table. */
export function table(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  // The first two columns are words, the others numbers.
  const rule = widths.map((width, column) =>
    column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const padded = rows.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column < 2 ? cell.padEnd(width) : cell.padStart(width);
    }),
  );
  const [head = [], ...body] = padded;
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cells(figure: Figure): string[] {
  const { label, unit, digits } = MEASURES[figure.measure];
  const amount = (value: number): string => `${value.toFixed(digits)} ${unit}`;
  return [
    figure.case,
    label,
    amount(figure.bare),
    amount(figure.guarded),
    `${figure.added < 0 ? '' : '+'}${amount(figure.added)}`,
    figure.ratio.toFixed(3),
    `${figure.ratioFrom.toFixed(3)} to ${figure.ratioTo.toFixed(3)}`,
  ];
}
