// Generates the Prisma clients that tests, demo, benchmarks and examples use, for every tested version
// of Prisma, into folders that git ignores. What is up to date is left alone, and nothing is
// downloaded: a client on a driver adapter needs no engine.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './workspace.mjs';

const require = createRequire(import.meta.url);

/** Prisma 6 wants to know an address, which a driver adapter makes pointless. */
const ADDRESS = 'url = "mysql://localhost"';

/**
 * @typedef {object} GeneratedClient
 * @property {string} cli the installed package that generates it
 * @property {string} schema relative to the root: a whole schema, or only its models
 * @property {string} folder where the client goes, relative to the root
 * @property {Record<string, string>} [settings] what makes models a whole schema
 */

const models = 'packages/orms/prisma/test/fixtures/tweet.prisma';
const generated = 'packages/orms/prisma/test/generated';

/** @type {readonly GeneratedClient[]} */
const clients = [
  { cli: 'prisma', schema: 'examples/prisma/schema.prisma', folder: 'examples/prisma/generated' },
  {
    cli: 'prisma',
    schema: 'demo/src/application/prisma/tweet.prisma',
    folder: 'demo/generated',
    settings: {},
  },
  { cli: 'prisma', schema: models, folder: `${generated}/7`, settings: {} },
  { cli: 'prisma', schema: models, folder: 'benchmarks/generated', settings: {} },
  {
    cli: 'prisma',
    schema: 'test/soak/ledger.prisma',
    folder: 'test/soak/generated',
    settings: {},
  },
  {
    cli: 'prisma-6',
    schema: models,
    folder: `${generated}/6`,
    settings: { generator: 'engineType = "client"', datasource: ADDRESS },
  },
  {
    cli: 'prisma-6.13',
    schema: models,
    folder: `${generated}/6.13`,
    settings: {
      generator: 'previewFeatures = ["queryCompiler", "driverAdapters"]',
      datasource: ADDRESS,
    },
  },
];

/** @param {GeneratedClient} client */
function generate(client) {
  const folder = join(root, client.folder);
  const manifest = require.resolve(`${client.cli}/package.json`);
  const { version } = /** @type {{ version: string }} */ (require(manifest));
  const schema = schemaOf(client);
  const stamp = createHash('sha256').update(`${version}\n${schema}`).digest('hex');
  const stampFile = join(folder, 'stamp');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  // Beside its place first, so that nobody meets half a client.
  const beside = `${folder}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  process.once('exit', () => rmSync(beside, { recursive: true, force: true }));
  const schemaFile = join(beside, 'schema.prisma');
  writeFileSync(schemaFile, schema);
  const cli = join(dirname(manifest), 'build/index.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'generate', '--schema', schemaFile],
    { cwd: beside, encoding: 'utf8', env: { ...process.env, ...OFFLINE } },
  );
  if (status !== 0) throw new Error(`${client.cli} ${version}: ${stdout}${stderr}`);
  writeFileSync(join(beside, 'generated/stamp'), stamp);
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(beside, 'generated'), folder);
  console.log(`Prisma client ${version} generated: ${client.folder}`);
}

/** The engines that `prisma generate` looks for are never run: any executable is good enough. */
const OFFLINE = {
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_QUERY_ENGINE_LIBRARY: process.execPath,
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
};

/**
 * @param {GeneratedClient} client
 * @returns {string}
 */
function schemaOf({ schema, settings }) {
  const text = readFileSync(join(root, schema), 'utf8');
  if (!settings) return text;
  return `generator client {
  provider = "prisma-client"
  output = "./generated"
  moduleFormat = "esm"
  importFileExtension = "ts"
  ${settings['generator'] ?? ''}
}

datasource db {
  provider = "mysql"
  ${settings['datasource'] ?? ''}
}

${text}`;
}

for (const client of clients) generate(client);
