import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Report } from '../src/report.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

describe('the benchmark command', () => {
  eachServer((_, flavour) => {
    it('prints a table of finite ratios, and writes them as JSON', async function () {
      this.timeout(60_000);
      const folder = await mkdtemp(join(tmpdir(), 'lifeguard-bench-'));
      const json = join(folder, 'figures.json');
      try {
        const tiny = ['--pairs', '1', '--seconds', '0.05', '--server', flavour, '--json', json];
        const { stdout } = await bench(tiny);
        const { figures } = JSON.parse(await readFile(json, 'utf8')) as Report;

        expect(stdout).to.match(/^## (MariaDB|MySQL) /m);
        const cases = new Set(figures.map((figure) => figure.case));
        expect([...cases]).to.deep.equal([
          'mysql2, borrow and release',
          'mysql2, pool.query, 1 at once',
          'mysql2, pool.query, 8 at once',
          'mysql2, pool.query, 64 at once',
          'TypeORM, dataSource.query, 1 at once',
          'TypeORM, dataSource.query, 8 at once',
          'TypeORM, dataSource.query, 64 at once',
          'mariadb, pool.query, 1 at once',
          'mariadb, pool.query, 8 at once',
          'mariadb, pool.query, 64 at once',
          'Prisma, $queryRawUnsafe, 1 at once',
          'Prisma, $queryRawUnsafe, 8 at once',
          'Prisma, $queryRawUnsafe, 64 at once',
          'mariadb, pool.query, after 1 s of rest',
          'mariadb, pool.query, after 1 s of rest, 2 ms away',
          'Prisma, $queryRawUnsafe, after 1 s of rest',
          'Prisma, $queryRawUnsafe, after 1 s of rest, 2 ms away',
        ]);
        for (const { ratio } of figures) {
          expect(ratio).to.be.finite;
          expect(stdout).to.include(` ${ratio.toFixed(3)} `);
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });

  it('refuses what it does not know, before it measures anything', async () => {
    const refused = await bench(['--only', 'macro']).catch((error: unknown) => error);
    expect(refused).to.include({ code: 2, stdout: '' });
    expect(refused)
      .to.have.property('stderr')
      .that.includes('--only is "macro"; allowed: micro or load or rest.');
  });
});

/** The command, as `npm run bench` runs it, but on the sources. */
function bench(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const loading = ['--import=@oxc-node/core/register', '--conditions=@pool-lifeguard/source'];
  return promisify(execFile)(process.execPath, [...loading, MAIN, ...args]);
}
