// The command behind `npm run matrix`: every fault on every subject, bare and guarded, on both servers.
import { parseArgs } from 'node:util';
import {
  FLAVOURS,
  FLAVOUR_FACTS,
  startServer,
  writePage,
  type Flavour,
} from '@pool-lifeguard/testkit';
import { wrongs } from './cell.ts';
import { COLUMNS } from './columns.ts';
import { pageOf, tableOf, type Sheet } from './report.ts';
import { cellsOf, contestant, fill, MANY, type Cell } from './run.ts';
import { setting } from './setting.ts';
import { WAVES } from './waves.ts';

/** Progress, apart from the tables on stdout. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const { values } = parseArgs({ options: { only: { type: 'string' }, server: { type: 'string' } } });

const where = setting();
const sheets: Sheet[] = [];
for (const flavour of FLAVOURS.filter((one) => (values.server ?? one) === one)) {
  sheets.push(await sheetOf(flavour));
}
for (const sheet of sheets) process.stdout.write(`\n${sheet.title}\n\n${tableOf(sheet)}\n`);
const partly = values.only !== undefined || values.server !== undefined;
if (!partly) await writePage('docs/faults.md', pageOf(sheets, where));
const broken = sheets.flatMap(complaintsOf);
for (const line of broken) say(line);
process.exit(broken.length > 0 ? 1 : 0);

async function sheetOf(flavour: Flavour): Promise<Sheet> {
  const server = await startServer(flavour, { log: say, globals: MANY });
  const title = `${FLAVOUR_FACTS[flavour].label} ${server.version}`;
  const contestants = COLUMNS.flatMap((column) => [
    contestant(column, false),
    contestant(column, true),
  ]);
  const cells: Cell[] = [];
  try {
    for (const wave of WAVES) {
      const own = cellsOf(wave, contestants).filter(
        ({ row }) => values.only === undefined || row.drill.title.includes(values.only),
      );
      if (own.length === 0) continue;
      say(`${title}: ${wave.title}`);
      await fill(wave, own, server);
      cells.push(...own);
    }
    await Promise.all(contestants.map(({ candidate }) => candidate.stop(server)));
  } finally {
    await server.stop();
  }
  return { title, cells };
}

/** What keeps the guarded cells of a sheet from holding. */
function complaintsOf({ title, cells }: Sheet): string[] {
  return cells
    .filter(({ contestant: { guarded } }) => guarded)
    .flatMap((cell) => {
      const {
        row,
        contestant: { column },
        tally,
        failure,
      } = cell;
      const found = tally ? wrongs(tally, row) : [`broke off: ${String(failure)}`];
      const said = tally?.said.join('; ') ?? '';
      return found.map(
        (what) => `${title}, ${column.title}, ${row.drill.title}: ${what} (${said})`,
      );
    });
}
