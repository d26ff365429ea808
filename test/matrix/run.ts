import type { DatabaseServer } from '@pool-lifeguard/testkit';
import { BARE, bringAbout, Candidate, leave } from '@pool-lifeguard/testkit/conformance';
import type { Entry } from '@pool-lifeguard/testkit/conformance';
import { tally, type Tally } from './cell.ts';
import type { Column } from './columns.ts';
import type { Row, Wave } from './row.ts';

/** The server's global variables for a matrix, of which every process opens many pools at once. */
export const MANY = { max_connections: 1_000 };

/** A column's subject, bare or guarded, as it is run on one server. */
export interface Contestant {
  readonly column: Column;
  readonly guarded: boolean;
  readonly candidate: Candidate;
}

/** One fault on one contestant, and what came of it or why that is not known. */
export interface Cell {
  readonly row: Row;
  readonly contestant: Contestant;
  readonly entry: Entry;
  tally?: Tally;
  failure?: unknown;
}

/** The first way to switch Lifeguard on stands for all: that they are equal is for others to show. */
export function contestant(column: Column, guarded: boolean): Contestant {
  const [way = BARE] = guarded ? column.subject.ways : [];
  return { column, guarded, candidate: new Candidate(column.subject, way, column.env) };
}

/** The cells that a wave is going to fill. */
export function cellsOf({ rows }: Wave, contestants: readonly Contestant[]): Cell[] {
  return rows.flatMap((row) =>
    contestants.map((one) => ({
      row,
      contestant: one,
      entry: { drill: row.drill, candidate: one.candidate },
    })),
  );
}

/** Brings a wave about, once for all its cells, and fills them. */
export async function fill(
  incident: Wave,
  cells: readonly Cell[],
  server: DatabaseServer,
): Promise<void> {
  const entries = cells.map(({ entry }) => entry);
  try {
    await bringAbout(incident, entries, server);
    for (const cell of cells) await judge(cell);
  } finally {
    await leave(entries, server);
  }
}

async function judge(cell: Cell): Promise<void> {
  const { trial, failure } = cell.entry;
  try {
    if (failure) throw failure as Error;
    if (trial) cell.tally = await tally(trial, cell.row);
  } catch (error) {
    cell.failure = error;
  }
}
