import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Copy from '../../src/index.ts';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

/** Another copy of this package and of core, as of a second installed version. */
export interface SecondCopy {
  readonly copy: typeof Copy;
  remove(): Promise<void>;
}

/** Copies the sources of both packages to a folder of their own and loads them from there. */
export async function loadSecondCopy(): Promise<SecondCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-copy-'));
  await cp(join(root, 'packages/core/src'), join(folder, 'core'), { recursive: true });
  await cp(join(root, 'packages/drivers/mysql2/src'), join(folder, 'mysql2'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const file of await readdir(join(folder, 'mysql2'))) {
    const path = join(folder, 'mysql2', file);
    const source = await readFile(path, 'utf8');
    await writeFile(path, source.replaceAll("'@pool-lifeguard/core'", "'../core/index.ts'"));
  }
  const copy = (await import(pathToFileURL(join(folder, 'mysql2/index.ts')).href)) as typeof Copy;
  return { copy, remove: () => rm(folder, { recursive: true }) };
}
