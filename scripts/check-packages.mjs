// Checks each publishable package as its users will get it: built, packed and unpacked elsewhere.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installUnpacked, pack, unpack } from './packed.mjs';
import { binary, publishablePackages, run } from './workspace.mjs';

/**
 * What stands in for a peer dependency while the packed packages are loaded and type-checked.
 *
 * @type {{ title: string, stands: Record<string, string> }[]}
 */
const peerSets = [
  { title: 'newest peers', stands: {} },
  {
    title: 'oldest peers',
    stands: {
      '@prisma/adapter-mariadb': 'prisma-adapter-mariadb-6.13',
      '@prisma/client': 'prisma-client-6.13',
      mariadb: 'mariadb-oldest',
      mysql2: 'mysql2-oldest',
      typeorm: 'typeorm-0.3',
    },
  },
];

/** Prints the names that each entry exports; a script before it fills `all`. */
const printNames = `
const names = (module) =>
  Object.keys(module).filter((name) => !['default', '__esModule', 'module.exports'].includes(name));
const seen = Object.entries(all).map(([entry, module]) => [entry, names(module).sort()]);
process.stdout.write(JSON.stringify(Object.fromEntries(seen)));
`;

const packages = publishablePackages();
const entries = packages.flatMap((each) => each.entries);
const scratch = mkdtempSync(join(tmpdir(), 'lifeguard-packages-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
let failures = 0;

if (run('node', ['scripts/build.mjs'])) {
  for (const each of packages) checkTarball(each, pack(each, scratch));
  for (const { title, stands } of peerSets) checkConsumer(title, stands);
} else {
  expect(false, 'the packages build');
}
if (failures > 0) process.exitCode = 1;

/**
 * @param {import('./workspace.mjs').PublishablePackage} each
 * @param {string} tarball
 */
function checkTarball({ name }, tarball) {
  expectSilently(`publint: ${name}`, 'publint', ['--strict', tarball]);
  const profile = ['--profile', 'node16', '--format', 'ascii'];
  const resolving = `types resolve for import, require and bundlers: ${name}`;
  expectSilently(resolving, 'attw', [...profile, tarball]);
  unpack(name, tarball, scratch);
}

/**
 * Installs the unpacked packages beside their peers, without a network, and uses every entry.
 *
 * @param {string} title
 * @param {Record<string, string>} stands
 */
function checkConsumer(title, stands) {
  const consumer = join(scratch, title.replaceAll(' ', '-'));
  installUnpacked(consumer, scratch, stands);
  writeFileSync(join(consumer, 'import.mjs'), importingScript());
  writeFileSync(join(consumer, 'require.cjs'), requiringScript());
  const imported = namesSeenBy(consumer, 'import.mjs');
  const required = namesSeenBy(consumer, 'require.cjs');
  for (const entry of entries) {
    const [esm, cjs] = [imported?.[entry]?.join(), required?.[entry]?.join()];
    const same = esm !== undefined && esm === cjs;
    expect(same, `import and require give the same names (${title}): ${entry}`);
    if (!same) console.log(`  import:  ${esm}\n  require: ${cjs}`);
  }
  checkTypes(title, consumer);
}

function importingScript() {
  const pairs = entries.map((entry) => `'${entry}': await import('${entry}')`);
  return `const all = { ${pairs.join(', ')} };\n${printNames}`;
}

function requiringScript() {
  const pairs = entries.map((entry) => `'${entry}': require('${entry}')`);
  return `const all = { ${pairs.join(', ')} };\n${printNames}`;
}

/**
 * @param {string} consumer
 * @param {string} script
 * @returns {Record<string, string[]> | undefined}
 */
function namesSeenBy(consumer, script) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    cwd: consumer,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status === 0) return JSON.parse(stdout);
  console.log(stderr);
  return undefined;
}

/**
 * Compiles one importing and one requiring file against the packed declarations.
 *
 * @param {string} title
 * @param {string} consumer
 */
function checkTypes(title, consumer) {
  const imports = entries.map((entry, at) => `import * as m${at} from '${entry}';`).join('\n');
  const uses = `export const used = [${entries.map((_, at) => `m${at}`).join(', ')}];\n`;
  for (const file of ['types.mts', 'types.cts']) {
    writeFileSync(join(consumer, file), `${imports}\n${uses}`);
  }
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2023',
    types: ['node'],
  };
  const config = { compilerOptions, include: ['types.*'] };
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync(binary('tsc'), ['--pretty', 'false'], {
    cwd: consumer,
    encoding: 'utf8',
  });
  // Declarations of the peers may have errors of their own; the user's file and ours may not.
  const ours = stdout
    .split('\n')
    .filter((line) => /^(error|types|node_modules\/@pool-lifeguard)/.test(line));
  expect(ours.length === 0, `a user's code compiles, our declarations included (${title})`);
  for (const line of ours) console.log(`  ${line}`);
}

/**
 * Runs a checker whose report is of interest only when it finds something.
 *
 * @param {string} what
 * @param {string} program
 * @param {readonly string[]} args
 */
function expectSilently(what, program, args) {
  const { status, stdout, stderr } = spawnSync(binary(program), args, { encoding: 'utf8' });
  expect(status === 0, what);
  if (status !== 0) console.log(stdout + stderr);
}

/**
 * @param {boolean} ok
 * @param {string} what
 */
function expect(ok, what) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}`);
  if (!ok) failures += 1;
}
