// Runs the tests in passes, one per set of versions, and adds up what they count. Most of a pass is
// waiting for the clocks of servers, so two run at a time; what they print comes one after the other.
//
//   npm test                        every pass
//   npm test -- <mocha arguments>   only these files (or this --grep), newest versions
//   npm run coverage                every pass, with the coverage of each package checked
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCoverage, coverageEnvironment } from './coverage.mjs';
import { inOrder } from './in-order.mjs';
import { filesBelow, root, run } from './workspace.mjs';

/**
 * @typedef {object} Counts
 * @property {number} failed
 * @property {number} [passed]
 * @property {number} [skipped]
 * @property {string[]} [failures] title and error of each failed test
 */

/**
 * @typedef {object} Pass
 * @property {string} title
 * @property {readonly string[]} folders whose `*.test.ts` files it runs
 * @property {Record<string, string>} env
 */

/** @type {readonly Pass[]} */
const passes = [
  {
    title: 'newest TypeORM, Prisma and drivers',
    folders: ['packages', 'test', 'demo/test', 'benchmarks/test'],
    env: {},
  },
  {
    title: 'TypeORM 0.3',
    folders: ['packages/orms/typeorm/test', 'test'],
    env: { LIFEGUARD_TEST_TYPEORM: '0.3' },
  },
  {
    title: 'oldest supported mysql2',
    folders: ['packages/drivers/mysql2/test'],
    env: { LIFEGUARD_TEST_MYSQL2: 'oldest' },
  },
  {
    title: 'Prisma 6',
    folders: ['packages/orms/prisma/test'],
    env: { LIFEGUARD_TEST_PRISMA: '6' },
  },
  {
    title: 'Prisma 6.13, the last one with middlewares',
    folders: ['packages/orms/prisma/test'],
    env: { LIFEGUARD_TEST_PRISMA: '6.13' },
  },
  {
    title: 'oldest supported mariadb',
    folders: ['packages/drivers/mariadb/test'],
    env: { LIFEGUARD_TEST_MARIADB: 'oldest' },
  },
];

/** Passes at a time, each with ports of its own. */
const LANES = ['61001-63267', '63268-65535'].slice(0, availableParallelism());

const withCoverage = process.argv.includes('--coverage');
const mochaArguments = process.argv.slice(2).filter((argument) => argument !== '--coverage');
const scratch = mkdtempSync(join(tmpdir(), 'lifeguard-test-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const environment = { ...process.env, ...(withCoverage ? coverageEnvironment() : {}) };

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const failures = [];
let passesBegun = 0;

if (!run('node', ['scripts/prisma-clients.mjs'])) process.exit(1);
provisionServers();
if (mochaArguments.length > 0) {
  add(await runMocha(mochaArguments, {}, (text) => process.stdout.write(text)));
} else {
  // Once for all who pack what is built.
  if (!run('node', ['scripts/build.mjs'])) process.exit(1);
  await runPasses();
}
if (withCoverage) add(checkCoverage() ? { passed: 1, failed: 0 } : { failed: 1 });

// Once more, where nobody has to look for them: the whole report is thousands of lines long.
if (failures.length > 0) console.log(`\n=== Failed\n${failures.join('\n')}`);
const { passed, failed, skipped } = total;
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** Real servers for the tests; one that cannot be had is reported by the tests that want it. */
function provisionServers() {
  const script = 'packages/testkit/src/provision.ts';
  if (!existsSync(join(root, script))) return;
  const done = run('node', [
    '--import=@oxc-node/core/register',
    '--conditions=@pool-lifeguard/source',
    script,
  ]);
  if (!done) console.error('Not every database server could be provisioned.');
}

async function runPasses() {
  const speaker = inOrder(process.stdout);
  const waiting = passes.map((pass) => ({ ...pass, say: speaker() }));
  const lane = async (/** @type {string} */ ports) => {
    const ownPorts = { LIFEGUARD_TEST_PORTS: ports };
    for (let next; (next = waiting.shift());) {
      const { title, folders, env, say } = next;
      const files = folders.flatMap(filesBelow).filter((file) => file.endsWith('.test.ts'));
      say(`\n=== ${title} (${files.length} files)\n`);
      // Without a file's name mocha would run them all.
      const counts =
        files.length > 0 ? await runMocha(files, { ...env, ...ownPorts }, say) : { failed: 1 };
      say.done();
      add(counts);
      failures.push(...(counts.failures ?? []).map((failure) => `(${title}) ${failure}`));
    }
  };
  await Promise.all(LANES.map(lane));
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 * @param {(text: string) => void} say
 * @returns {Promise<Counts>}
 */
async function runMocha(args, env, say) {
  passesBegun += 1;
  const countsFile = join(scratch, `counts-${passesBegun}.json`);
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const mocha = spawn(join(root, 'node_modules/.bin/mocha'), [...ciFlags(), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...color, ...environment, ...env, LIFEGUARD_TEST_COUNTS: countsFile },
  });
  for (const stream of [mocha.stdout, mocha.stderr]) stream.setEncoding('utf8').on('data', say);
  /** @type {number | null} */
  const status = await new Promise((resolve) => {
    mocha.on('close', resolve);
  });
  /** @type {Counts} */
  const counts = existsSync(countsFile)
    ? JSON.parse(readFileSync(countsFile, 'utf8'))
    : { failed: 0 };
  // A run that dies before its report, or exits badly after a clean one, has failed too.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** A forgotten `.only` would skip nearly everything: nobody is there to see it in CI. */
function ciFlags() {
  return process.env['CI'] ? ['--forbid-only'] : [];
}

/** @param {Counts} counts */
function add({ passed = 0, failed, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
