import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, whatever the current directory is. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What the scripts need to know of one publishable package.
 *
 * @typedef {object} PublishablePackage
 * @property {string} name as in its package.json
 * @property {string} dir absolute path
 * @property {string} path relative to the root, with forward slashes
 * @property {string[]} entries what users may import: `@pool-lifeguard/typeorm/register`, ...
 * @property {string[]} needs names of its dependencies and peers that are not ours
 */

/**
 * The part of a package.json that is read here.
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {boolean} [private]
 * @property {Record<string, unknown>} exports
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 */

/**
 * The packages that go to the registry, those without dependencies of ours first.
 *
 * @returns {PublishablePackage[]}
 */
export function publishablePackages() {
  const parents = ['packages', 'packages/drivers', 'packages/orms'];
  return parents
    .flatMap((parent) => (existsSync(join(root, parent)) ? childrenOf(parent) : []))
    .flatMap((path) => {
      const dir = join(root, path);
      if (!existsSync(join(dir, 'package.json'))) return [];
      /** @type {Manifest} */
      const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
      if (manifest.private) return [];
      const { name, exports, dependencies, peerDependencies } = manifest;
      const entries = Object.keys(exports)
        .filter((key) => !key.endsWith('.json'))
        .map((key) => name + key.slice(1));
      const needs = Object.keys({ ...dependencies, ...peerDependencies }).filter(
        (need) => !need.startsWith('@pool-lifeguard/'),
      );
      return [{ name, dir, path, entries, needs }];
    });
}

/** @param {string} parent */
const childrenOf = (parent) =>
  readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`);

/**
 * Every file below a folder, as paths relative to the root with forward slashes.
 *
 * @param {string} folder relative to the root; may be missing
 * @returns {string[]}
 */
export function filesBelow(folder) {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true })
    .flatMap((entry) => {
      if (['node_modules', 'dist'].includes(entry.name)) return [];
      const path = relative(root, join(start, entry.name)).split(sep).join('/');
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .toSorted();
}

/**
 * Where a program is: in node_modules/.bin, or else on the PATH.
 *
 * @param {string} program
 * @returns {string}
 */
export function binary(program) {
  const local = join(root, 'node_modules/.bin', program);
  return existsSync(local) ? local : program;
}

/**
 * Runs a program in the root, its output going to ours.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {boolean} whether it exited with 0
 */
export function run(program, args) {
  const { status, error } = spawnSync(binary(program), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) console.error(`${program}: ${error.message}`);
  return status === 0;
}
