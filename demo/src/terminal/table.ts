import Table from 'cli-table3';
import pc from 'picocolors';
import { POOL_SIZE } from '../application/tweet-store.ts';
import { stackInWords } from '../orms.ts';
import type { Results } from '../results/results.ts';
import { summarise } from '../results/summary.ts';
import type { Tally } from '../results/summary.ts';
import { worstInWords } from '../results/words.ts';

type Row = Parameters<InstanceType<typeof Table>['push']>[0];

/** What was seen on one server as a table for the terminal, a part for each ORM. */
export function drawTable(plays: readonly Results[]): string {
  const table = new Table({
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  const columns = ['failed queries', 'worst latency', 'connections opened'];
  const rows: Row[] = [
    ['', ...columns.map((content) => ({ content, colSpan: 2, hAlign: 'center' as const }))],
    ['', ...columns.flatMap(() => ['bare', 'guarded'])].map((text) => pc.dim(text)),
    ...plays.flatMap(rowsOf),
  ];
  table.push(...rows);
  return table.toString();
}

/** What has to be known to read the table. */
export const TABLE_NOTES = `connections opened: beyond the ${POOL_SIZE} with which each pool starts a scene`;

function rowsOf(results: Results): Row[] {
  const { scenes, total } = summarise(results);
  const wide = (content: string, colSpan: number) => ({
    content,
    colSpan,
    hAlign: 'left' as const,
  });
  return [
    [wide(pc.bold(stackInWords(results.orm)), 7)],
    ...scenes.map(({ title, sides }) => [title, ...cells(sides.bare, sides.guarded)]),
    ...results.omitted.map(({ title, why }) => [title, wide(pc.dim(`left out: ${why}`), 6)]),
    ['all scenes', ...cells(total.bare, total.guarded)].map((text) => pc.bold(text)),
  ];
}

function cells(bare: Tally, guarded: Tally): string[] {
  const both = [bare, guarded];
  return [
    ...both.map(failures),
    ...both.map(worstInWords),
    ...both.map(({ opened }) => String(opened)),
  ];
}

function failures({ failed, queries }: Tally): string {
  const text = `${failed} of ${queries}`;
  return failed > 0 ? pc.red(text) : pc.green(text);
}
