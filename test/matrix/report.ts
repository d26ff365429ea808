import { markdownTable } from 'markdown-table';
import { wrongs, type Tally } from './cell.ts';
import { COLUMNS } from './columns.ts';
import type { Row } from './row.ts';
import type { Cell } from './run.ts';
import { packagesOf } from './setting.ts';
import { CONNECTIONS, PATIENCE_MS } from './workload.ts';

/** All cells of one server. */
export interface Sheet {
  /** The server with its version. */
  readonly title: string;
  readonly cells: readonly Cell[];
}

const SIDES = ['bare', 'guarded'] as const;

/** What one server did, as a table: faults down, subjects across. */
export function tableOf({ cells }: Sheet): string {
  const head = COLUMNS.flatMap(({ title }) => SIDES.map((side) => `${title}, ${side}`));
  const body = rowsOf(cells).map((row) => {
    const own = cells.filter((cell) => cell.row === row);
    return [
      row.drill.title,
      ...COLUMNS.flatMap((column) => {
        return SIDES.map((side) =>
          inWords(
            own.find(({ contestant }) => {
              return contestant.column === column && contestant.guarded === (side === 'guarded');
            }),
          ),
        );
      }),
    ];
  });
  return markdownTable([['fault', ...head], ...body]);
}

/** The whole matrix as a page. */
export function pageOf(sheets: readonly Sheet[], where: string): string {
  const rows = rowsOf(sheets.flatMap(({ cells }) => cells));
  return [
    '# What faults do, bare and guarded',
    `Written by \`npm run matrix\`: ${where}. Every number on this page was measured in that run.`,
    INTRODUCTION,
    ...sheets.flatMap((sheet) => [`## On ${sheet.title}`, tableOf(sheet)]),
    '## The faults',
    markdownTable([
      ['fault', 'what happens', 'why guarded statements may fail'],
      ...rows.map(({ drill, story, mayFail = '' }) => [drill.title, story, mayFail]),
    ]),
    '## The subjects',
    markdownTable([
      ['column', 'packages', 'guarded by'],
      ...COLUMNS.map((column) => [
        column.title,
        packagesOf(column),
        `\`${column.subject.ways[0] ?? ''}\``,
      ]),
    ]),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

const INTRODUCTION = `Each cell is one pool of ${CONNECTIONS} connections, in a process of its own for each column, which
meets one fault: reads and writes, and more of them when all is over. Options of Lifeguard are the
defaults unless the fault says otherwise. A cell reads

**failed statements / worst milliseconds / doubled rows / lost rows**

A statement that is neither answered nor refused within ${PATIENCE_MS} ms hangs, and counts as failed. A doubled
row was written once and is stored twice; a lost row was acknowledged and is not stored. Bare columns
show what is. Guarded ones must hold, or the run fails: nothing fails except where failing is right,
nothing fails when all is over, nothing hangs, no row is doubled and none is lost. A cell that does not
hold is **bold**.`;

function inWords(cell: Cell | undefined): string {
  if (!cell?.tally) return cell?.failure ? 'broke off' : '';
  const { row, tally, contestant } = cell;
  const text = numbers(tally);
  return contestant.guarded && wrongs(tally, row).length > 0 ? `**${text}**` : text;
}

function numbers({ failed, failedLater, hung, worstMs, doubled, lost, stray }: Tally): string {
  const failures = `${failed + failedLater}${hung > 0 ? ` (${hung} hang)` : ''}`;
  const numbers = [failures, Math.round(worstMs), doubled, lost];
  return [...numbers, ...(stray > 0 ? [`${stray} stray`] : [])].join(' / ');
}

const rowsOf = (cells: readonly Cell[]): Row[] => [...new Set(cells.map(({ row }) => row))];
