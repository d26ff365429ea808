// Adds to package-lock.json the native packages of other platforms that npm left out.
//
// npm writes an entry for a platform only when the registry in use has that platform's package. A
// lock file without it is refused by `npm ci`, on every platform (https://github.com/npm/cli/issues/4828
// and its successors). All that is needed is known: the exact version is in the parent's
// `optionalDependencies`, and the name says for which platform it is.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/**
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {string[]} [cpu]
 * @property {boolean} [dev]
 * @property {string[]} [libc]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {Record<string, string>} [optionalDependencies]
 */

const file = join(root, 'package-lock.json');
/** @type {{ packages: Record<string, LockEntry> }} */
const lock = JSON.parse(readFileSync(file, 'utf8'));

const missing = Object.entries(lock.packages).flatMap(([path, { dev, optionalDependencies }]) =>
  Object.entries(optionalDependencies ?? {})
    .filter(([name]) => !isLocked(name, path))
    .map(([name, version]) => ({ name, version, dev })),
);
for (const { name, version, dev } of missing) {
  lock.packages[`node_modules/${name}`] = platformEntry(name, version, dev ?? false);
}
const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(
  file,
  `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
);
console.log(`${missing.length} packages of other platforms added to package-lock.json`);

const named = sorted.filter(([, { resolved }]) => resolved?.startsWith('http'));
if (named.length > 0) {
  console.error(`package-lock.json names a registry for ${named.length} packages; see .npmrc`);
  process.exitCode = 1;
}

/**
 * Whether Node's resolution finds a package from a place in the tree.
 *
 * @param {string} name
 * @param {string} path
 * @returns {boolean}
 */
function isLocked(name, path) {
  if (`${path && `${path}/`}node_modules/${name}` in lock.packages) return true;
  return (
    path !== '' && isLocked(name, path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))))
  );
}

/**
 * @param {string} name such as `@oxfmt/binding-linux-x64-musl`
 * @param {string} version
 * @param {boolean} dev
 * @returns {LockEntry}
 */
function platformEntry(name, version, dev) {
  const platform =
    /\b(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)\b-?(gnu|musl)?/;
  const [, os, cpu, libc] = platform.exec(name) ?? [];
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`${name}@${version} is not locked, and its name tells no platform`);
  }
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(libc === undefined ? {} : { libc: [libc === 'musl' ? 'musl' : 'glibc'] }),
    optional: true,
    os: [os],
  };
}
