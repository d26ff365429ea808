// Removes everything that a script here can make again, apart from node_modules.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { publishablePackages, root } from './workspace.mjs';

const made = [
  'coverage',
  'docs/api',
  ...publishablePackages().flatMap(({ path }) => [`${path}/dist`, `${path}/.tsbuild`]),
];

for (const path of made) rmSync(join(root, path), { recursive: true, force: true });
