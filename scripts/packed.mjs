// The publishable packages as users get them: packed, and unpacked into an application's folder.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publishablePackages, root } from './workspace.mjs';

/**
 * @param {import('./workspace.mjs').PublishablePackage} each
 * @param {string} scratch
 * @returns {string} the tarball's path
 */
export function pack({ dir }, scratch) {
  const options = /** @type {const} */ ({ cwd: dir, encoding: 'utf8' });
  const answer = execFileSync('npm', ['pack', '--json', '--pack-destination', scratch], options);
  /** @type {[{ filename: string }]} */
  const [{ filename }] = JSON.parse(answer);
  return join(scratch, filename);
}

/**
 * @param {string} name
 * @param {string} tarball
 * @param {string} scratch
 */
export function unpack(name, tarball, scratch) {
  const unpacked = join(scratch, 'unpacked', name);
  mkdirSync(unpacked, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
}

/**
 * Makes an application's folder that has the unpacked packages, and beside them what they need,
 * without a network.
 *
 * @param {string} application the folder
 * @param {string} scratch
 * @param {Record<string, string>} [stands] what stands in for a peer dependency
 */
export function installUnpacked(application, scratch, stands = {}) {
  const modules = join(application, 'node_modules');
  cpSync(join(scratch, 'unpacked'), modules, { recursive: true });
  const foreign = new Set(['@types/node', ...publishablePackages().flatMap((each) => each.needs)]);
  for (const name of foreign) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', stands[name] ?? name), join(modules, name));
  }
}
