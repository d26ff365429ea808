// Runs every example against real servers that soon hang up on idle connections: once with the guard
// switched off, which must fail, and once as it is, which must not.
import '@oxc-node/core/register';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const { FLAVOURS, FLAVOUR_FACTS, ServerUnavailableError, startServer } =
  await import('@pool-lifeguard/testkit');

/** @typedef {import('@pool-lifeguard/testkit').DatabaseServer} DatabaseServer */
/** @typedef {import('@pool-lifeguard/testkit').Flavour} Flavour */

/**
 * Seconds; the server counts in whole ones, so one more may pass before it hangs up. A busy machine may
 * let as much pass between two statements of a transaction, which would be lost then.
 */
const WAIT_TIMEOUT = 3;
const IDLE_MS = 5_000;
const GIVE_UP_MS = 60_000;

const folder = join(root, 'examples');
const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'index.ts')));
let servers = 0;
let failures = 0;

for (const flavour of FLAVOURS) await runOn(flavour);
if (servers === 0 || examples.length === 0) failures += 1;
process.exitCode = failures > 0 ? 1 : 0;

/** @param {Flavour} flavour */
async function runOn(flavour) {
  const server = await serverOf(flavour);
  if (!server) return;
  servers += 1;
  console.log(`\n${FLAVOUR_FACTS[flavour].label}`);
  try {
    await Promise.all(examples.map((example) => check(example, server)));
  } finally {
    await server.stop();
  }
}

/**
 * @param {Flavour} flavour
 * @returns {Promise<DatabaseServer | undefined>}
 */
async function serverOf(flavour) {
  try {
    return await startServer(flavour, { waitTimeout: WAIT_TIMEOUT, log: console.log });
  } catch (error) {
    if (!(error instanceof ServerUnavailableError)) throw error;
    console.log(error.message);
    return undefined;
  }
}

/**
 * @param {string} example
 * @param {DatabaseServer} server
 */
async function check(example, server) {
  const [bare, guarded] = await Promise.all([
    run(example, server, { LIFEGUARD: 'off' }),
    run(example, server, { LIFEGUARD: '' }),
  ]);
  const ok = bare.code !== 0 && guarded.code === 0;
  if (!ok) failures += 1;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${example}`);
  if (bare.code === 0) console.log('  did not fail without the guard');
  console.log(guarded.output.trimEnd().replaceAll(/^/gm, '  '));
}

/**
 * Runs an example as its README says, on a database of its own.
 *
 * @param {string} example
 * @param {DatabaseServer} server
 * @param {Record<string, string>} environment
 * @returns {Promise<{ code: number | null, output: string }>}
 */
async function run(example, server, environment) {
  const database = await server.createDatabase('example');
  const env = {
    ...process.env,
    ...environment,
    DATABASE_URL: server.url(database),
    IDLE_MS: `${IDLE_MS}`,
  };
  const child = spawn('npm', ['start', '--silent'], {
    cwd: join(folder, example),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: GIVE_UP_MS,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const code = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  await server.dropDatabase(database);
  return { code, output };
}
