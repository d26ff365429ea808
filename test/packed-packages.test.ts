import { expect } from 'chai';
import { eachServer } from '@pool-lifeguard/testkit';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installUnpacked, pack, unpack } from '../scripts/packed.mjs';
import { publishablePackages, root } from '../scripts/workspace.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('packed', import.meta.url));

describe('the packed packages, in an application of their own', () => {
  let scratch: string;
  let application: string;

  before('build, pack and unpack', function () {
    this.timeout(120_000);
    scratch = mkdtempSync(join(tmpdir(), 'lifeguard-packed-'));
    application = join(scratch, 'application');
    execFileSync('npm', ['run', 'build'], { stdio: 'pipe' });
    for (const each of publishablePackages()) unpack(each.name, pack(each, scratch), scratch);
    installUnpacked(application, scratch, standIns());
    cpSync(here, application, { recursive: true });
    generatePrismaClients(application);
  });

  after(() => rmSync(scratch, { recursive: true, force: true }));

  const start = async (script: string, ...args: string[]): Promise<unknown> => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, [script, ...args], { cwd: application, env });
    return JSON.parse(stdout);
  };

  eachServer(
    (server) => {
      for (const script of ['app.mjs', 'app.cjs']) {
        it(`${script}: fails bare and not guarded`, async function () {
          this.timeout(30_000);
          const url = server().url(await server().createDatabase());
          const [bare, guarded] = await Promise.all([
            start(script, url, 'bare'),
            start(script, url, 'guarded'),
          ]);
          expect(bare).to.include({ before: 0 });
          expect(bare).to.have.property('after').that.is.at.least(4);
          expect(guarded).to.deep.equal({ before: 0, after: 0, closed: [true, true] });
        });
      }

      for (const script of ['prisma.mjs', 'prisma.cjs']) {
        it(`${script}: fails bare and not guarded`, async function () {
          this.timeout(30_000);
          const [bare, guarded] = await Promise.all(
            ['bare', 'guarded'].map(async (side) =>
              start(script, server().url(await server().createDatabase()), side),
            ),
          );
          expect(bare).to.include({ before: 0 }).and.have.property('after').that.is.at.least(1);
          expect(guarded).to.deep.equal({ before: 0, after: 0, stored: 16 });
        });
      }

      it('both builds in one process guard a pool once', async () => {
        expect(await start('both.mjs', server().url())).to.deep.equal({
          different: true,
          oneGuard: true,
          instance: true,
          undone: true,
        });
      });
    },
    // Longer than a busy machine makes a bare application wait between two of its queries.
    { waitTimeout: 3 },
  );
});

/** As a user does with `npx prisma generate`; the clients are compiled for `import` and `require`. */
function generatePrismaClients(application: string): void {
  const node = (script: string, ...args: string[]): void => {
    execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: application,
      stdio: 'pipe',
      // Looked for, but not run: a client on a driver adapter needs no engine.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    });
  };
  node('prisma/build/index.js', 'generate', '--schema', 'schema.prisma');
  for (const [format, type] of [
    ['esm', 'module'],
    ['cjs', 'commonjs'],
  ] as const) {
    writeFileSync(join(application, 'generated', format, 'package.json'), JSON.stringify({ type }));
    const options = `--module nodenext --target es2022 --skipLibCheck --outDir compiled/${format}`;
    node('typescript/bin/tsc', ...options.split(' '), `generated/${format}/client.ts`);
    cpSync(
      join(application, 'generated', format, 'package.json'),
      join(application, 'compiled', format, 'package.json'),
    );
  }
}

/** The versions that this run tests stand in for the newest ones. */
function standIns(): Record<string, string> {
  return process.env['LIFEGUARD_TEST_TYPEORM'] === '0.3' ? { typeorm: 'typeorm-0.3' } : {};
}
