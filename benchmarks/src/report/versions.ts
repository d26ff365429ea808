import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** All that is measured, guarded or as a peer. */
const MEASURED = [
  'mysql2',
  'mariadb',
  'typeorm',
  '@prisma/client',
  '@prisma/adapter-mariadb',
  'sequelize',
  'knex',
];

/** The versions that this process loads, by package. */
export function versions(): Record<string, string> {
  return Object.fromEntries(MEASURED.map((name) => [name, versionOf(name)]));
}

/** A package may not let its package.json be required, so it is looked for on the disk. */
function versionOf(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders.map((folder) => join(folder, name, 'package.json')).find(existsSync);
  if (file === undefined) throw new Error(`${name} is not installed`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
