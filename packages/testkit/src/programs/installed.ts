import { access, constants, readdir, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { FLAVOUR_FACTS } from '../flavour.ts';
import type { Flavour } from '../flavour.ts';
import { identify } from './server-program.ts';
import type { ServerProgram } from './server-program.ts';

/** Finds an installed server of the flavour, whatever its binary is called. */
export async function installedProgram(flavour: Flavour): Promise<ServerProgram | undefined> {
  for (const binary of await installedBinaries(flavour)) {
    const found = await identify([binary]).catch(() => undefined);
    if (found?.flavour === flavour) {
      const sqlFolder = await findSqlFolder(join(await realpath(binary), '../..'));
      return { ...found, origin: 'installed', command: [binary], locations: [], sqlFolder };
    }
  }
  return undefined;
}

async function installedBinaries(flavour: Flavour): Promise<string[]> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const paths = FLAVOUR_FACTS[flavour].binaries.flatMap((name) =>
    folders.filter(Boolean).map((folder) => join(folder, name)),
  );
  const checks = [...new Set(paths)].map(async (path) =>
    access(path, constants.X_OK).then(
      () => path,
      () => undefined,
    ),
  );
  return (await Promise.all(checks)).filter((path) => path !== undefined);
}

/** The folder below an installation's prefix which holds the SQL files, if it has them. */
export async function findSqlFolder(prefix: string): Promise<string | undefined> {
  for (const name of ['share/mysql', 'share/mariadb', 'share']) {
    const folder = join(prefix, name);
    const files = await readdir(folder).catch(() => []);
    if (files.some((file) => file.endsWith('_system_tables.sql'))) return folder;
  }
  return undefined;
}
