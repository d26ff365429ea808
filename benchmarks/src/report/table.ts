import { markdownTable } from 'markdown-table';
import { MEASURES, type Figure } from '../measuring/figures.ts';
import { inUnit, plain, scored } from './cells.ts';

/** A column: its head, its cell, and whether it holds words and not numbers. */
interface Column {
  readonly head: string;
  readonly words?: boolean;
  readonly cell: (figure: Figure) => string;
}

/** Figures as a Markdown table; names that all of them share stand in the heads. */
export function table(figures: readonly Figure[]): string {
  const columns = columnsOf(figures);
  const align = columns.map(({ words }) => (words ? 'l' : 'r'));
  const body = figures.map((figure) => columns.map(({ cell }) => cell(figure)));
  return markdownTable([columns.map(({ head }) => head), ...body], { align });
}

function columnsOf(figures: readonly Figure[]): Column[] {
  const base = shared(figures.map((figure) => figure.base.side));
  const side = shared(figures.map((figure) => figure.side.side));
  const name = shared(figures.map((figure) => figure.case));
  return [
    ...(name === undefined ? [words('case', (figure) => figure.case)] : []),
    ...(side === undefined ? [words('side', (figure) => figure.side.side)] : []),
    words('measure', ({ measure }) => MEASURES[measure].label),
    ...(base === undefined ? [words('against', (figure) => figure.base.side)] : []),
    { head: base ?? 'that', cell: (figure) => scored(figure, figure.base) },
    { head: side ?? 'this side', cell: (figure) => scored(figure, figure.side) },
    { head: 'added', cell: (figure) => signed(figure) },
    { head: 'ratio', cell: ({ ratio }) => plain(ratio) },
    {
      head: 'ratio, 95 % within',
      cell: ({ ratioFrom, ratioTo }) => `${plain(ratioFrom)} to ${plain(ratioTo)}`,
    },
  ];
}

function words(head: string, cell: Column['cell']): Column {
  return { head, words: true, cell };
}

/** The one value there is; undefined for several. */
function shared(values: readonly string[]): string | undefined {
  const [one, ...others] = new Set(values);
  return others.length === 0 ? one : undefined;
}

function signed(figure: Figure): string {
  return `${figure.added >= 0 ? '+' : ''}${inUnit(figure, figure.added)}`;
}
