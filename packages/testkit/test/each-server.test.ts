import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { FLAVOURS, FLAVOUR_FACTS, eachServer } from '../src/index.ts';
import { installedProgram } from '../src/programs/installed.ts';

const MOCHA = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const SUITE = fileURLToPath(new URL('fixtures/each-server.fixture.ts', import.meta.url));
const HOOKS = fileURLToPath(new URL('../src/mocha-hooks.ts', import.meta.url));

const NO_URLS = { LIFEGUARD_MARIADB_URL: '', LIFEGUARD_MYSQL_URL: '' };

interface MochaRun {
  readonly code: number;
  readonly output: string;
}

/** Runs the suite in a mocha of its own, with this process's loaders. */
function runMocha(env: Record<string, string>): Promise<MochaRun> {
  const args = [...process.execArgv, MOCHA, '--no-config', '--require', HOOKS, SUITE];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: { ...process.env, ...env } }, (error, stdout) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout });
    });
  });
}

describe('eachServer', function () {
  this.timeout(60_000);

  eachServer((server, flavour) => {
    it('runs where the environment says, and leaves pending what it forgoes', async () => {
      const other = flavour === 'mysql' ? 'mariadb' : 'mysql';
      const { code, output } = await runMocha({
        [FLAVOUR_FACTS[flavour].urlVariable]: server().url(),
        [FLAVOUR_FACTS[other].urlVariable]: 'none',
      });
      expect(code).to.equal(0);
      expect(output)
        .to.match(/1 passing/)
        .and.to.match(/1 pending/);
      const { label, urlVariable } = FLAVOUR_FACTS[other];
      const lastLine = output.trim().split('\n').at(-1);
      expect(lastLine).to.equal(`${label}: not available here: ${urlVariable} says none`);
    });
  });

  it('says what to install where a server can neither be found nor be brought', async function () {
    const installed = await Promise.all(FLAVOURS.map((flavour) => installedProgram(flavour)));
    if (installed.some(Boolean)) return this.skip();
    const empty = await mkdtemp(join(tmpdir(), 'lifeguard-test-'));
    const { code, output } = await runMocha({ ...NO_URLS, XDG_CACHE_HOME: empty, PATH: empty });
    await rm(empty, { recursive: true });
    expect(code).to.equal(0);
    expect(output)
      .to.match(/0 passing/)
      .and.to.match(/2 pending/);
    const lines = output.trim().split('\n').slice(-2);
    expect(lines[0]).to.match(/^MariaDB: not available here: install MariaDB's server or set LIFE/);
    expect(lines[1]).to.match(
      /^MySQL: not available here: install MySQL's server or set LIFEGUARD_/,
    );
  });
});
