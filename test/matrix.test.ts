import { eachServer, type DatabaseServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { wrongs } from './matrix/cell.ts';
import { COLUMNS } from './matrix/columns.ts';
import { cellsOf, contestant, fill, MANY, type Cell } from './matrix/run.ts';
import { WAVES } from './matrix/waves.ts';

const WAVE_TIMEOUT_MS = 120_000;

/** A run has one version of TypeORM; the others are tested in the run with the newest one only. */
const inThisRun = COLUMNS.filter(({ env: { LIFEGUARD_TEST_TYPEORM: wanted } }) => {
  const version = process.env['LIFEGUARD_TEST_TYPEORM'] ?? '';
  return wanted === undefined ? version === '' : wanted === version;
});

// The guarded half of `npm run matrix`, which shows the bare half beside it.
describe('the matrix of faults, guarded', () => {
  // Hooks of its own suite come before those that end the server.
  eachServer((server) => describe('holds', () => declareAll(server)), {
    private: true,
    globals: MANY,
  });
});

function declareAll(server: () => DatabaseServer): void {
  const contestants = inThisRun.map((column) => contestant(column, true));
  for (const wave of WAVES) {
    describe(wave.title, function () {
      this.timeout(WAVE_TIMEOUT_MS);
      const cells = cellsOf(wave, contestants);
      before('bring it about', () => fill(wave, cells, server()));
      for (const cell of cells) declare(cell);
    });
  }
  after('end the processes', async function () {
    this.timeout(30_000);
    await Promise.all(contestants.map(({ candidate }) => candidate.stop(server())));
  });
}

function declare(cell: Cell): void {
  const { row, contestant: one } = cell;
  it(`${row.drill.title}: ${one.column.title}`, function () {
    if (cell.failure) throw cell.failure as Error;
    // Only a server that was given by URL does not allow everything.
    if (!cell.tally) return this.skip();
    expect(wrongs(cell.tally, row), cell.tally.said.join('\n')).to.deep.equal([]);
  });
}
