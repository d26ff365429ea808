import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eachServer, type Flavour } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Kind } from '../src/options.ts';
import { PAGE, type Report } from '../src/report/report.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Every kind on one server: what is tested is the form, which is the same on both. */
const KINDS_ON: Readonly<Record<Flavour, readonly Kind[]>> = {
  mariadb: ['micro', 'load', 'peers'],
  mysql: ['rest', 'freeze', 'drop'],
};

/** Of all subjects, those with this in their names: the others are asked in the same way. */
const SUBJECT = 'mysql2';

/** The cases of each kind, in any order. */
const CASES: Readonly<Record<Kind, readonly string[]>> = {
  micro: [
    ...[
      '1 connection',
      '10 connections',
      '100 connections',
      '1000 connections',
      '1000 waiting',
    ].map((pool) => `mysql2, borrow and release, ${pool}`),
    'mysql2, each connection',
  ],
  load: ['pool.query', 'pool.execute'].flatMap((statement) =>
    [1, 8, 64].map((callers) => `mysql2, ${statement}, ${callers} at once`),
  ),
  rest: ['after 1 s', 'after 5 s', 'past 3 s'].flatMap((rest) => [
    `mysql2, pool.query, ${rest}`,
    `mysql2, pool.query, ${rest}, 2 ms away`,
  ]),
  freeze: ['mysql2, pool.query, frozen past 3 s'],
  drop: ['mysql2, pool.query, connections lost in silence'],
  peers: ['peers, 8 at once'],
};

describe('the benchmark command', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lifeguard-bench-'));
  });

  after(() => rm(folder, { recursive: true }));

  eachServer((_, flavour) => {
    for (const kind of KINDS_ON[flavour]) {
      it(`prints what it measured of ${kind} as Markdown, and writes it as JSON`, async function () {
        this.timeout(120_000);
        const json = join(folder, `${kind}.json`);
        const tiny = ['--subject', SUBJECT, '--pairs', '1', '--seconds', '0.02', '--json', json];
        const { stdout, stderr } = await bench(['--only', kind, '--server', flavour, ...tiny]);
        const { figures } = JSON.parse(await readFile(json, 'utf8')) as Report;

        const cases = new Set(figures.map((figure) => figure.case));
        expect([...cases]).to.have.members(CASES[kind]);
        for (const { ratio, base, side } of figures) {
          expect(base.failures).to.deep.equal([]);
          if (side.failures.length > 0) continue;
          expect(ratio).to.be.finite;
          expect(stdout).to.include(` ${ratio.toFixed(3)} `);
        }
        expect(stdout).to.match(/^# Performance$/m);
        expect(stdout).to.match(/^### .*: (MariaDB|MySQL) /m);
        expect(stdout).to.include('```mermaid\nxychart-beta');
        expect(stderr).to.include(`${PAGE} is left alone: not every kind was measured`);
      });
    }
  });

  it('refuses what it does not know, before it measures anything', async () => {
    const refused = await bench(['--only', 'macro']).catch((error: unknown) => error);
    expect(refused).to.include({ code: 2, stdout: '' });
    expect(refused).to.have.property('stderr').that.includes('--only is "macro"; allowed: micro');
  });
});

/** The command, as `npm run bench` runs it, but on the sources. */
function bench(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const loading = ['--import=@oxc-node/core/register', '--conditions=@pool-lifeguard/source'];
  return promisify(execFile)(process.execPath, [...loading, MAIN, ...args]);
}
