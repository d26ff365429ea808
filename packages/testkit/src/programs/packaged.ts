import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FLAVOUR_FACTS } from '../flavour.ts';
import type { Flavour } from '../flavour.ts';
import { cacheFolder, cachedFolder, isPresent } from '../tools/cache-folder.ts';
import { run } from '../tools/run.ts';
import { formatSource, readAptSources } from './apt-sources.ts';
import { AptWorkspace } from './apt-workspace.ts';
import { findSqlFolder } from './installed.ts';
import { identify } from './server-program.ts';
import type { ServerProgram } from './server-program.ts';

/** Hears what is being done while a server is brought, for people who wait. */
export type Log = (line: string) => void;

/** The server in our cache, if an earlier run has brought it. */
export async function cachedProgram(flavour: Flavour): Promise<ServerProgram | undefined> {
  const root = join(cacheFolder(), rootName(flavour));
  return (await isPresent(root)) ? programIn(root, flavour) : undefined;
}

/**
 * Brings a server into our cache: the distribution's own packages, unpacked into a folder beside
 * the libraries that they were built for. Nothing is installed on the machine.
 */
export async function bringProgram(flavour: Flavour, log: Log): Promise<ServerProgram> {
  const root = await cachedFolder(rootName(flavour), async (folder) => {
    const workspace = await mkdtemp(join(tmpdir(), 'lifeguard-apt-'));
    try {
      const apt = await AptWorkspace.create(workspace);
      await unpack(await downloadServer(apt, flavour, log), folder);
      await programIn(folder, flavour);
    } finally {
      await rm(workspace, { recursive: true, force: true });
    }
  });
  return programIn(root, flavour);
}

const rootName = (flavour: Flavour): string => `servers/${flavour}`;

async function downloadServer(apt: AptWorkspace, flavour: Flavour, log: Log): Promise<string[]> {
  const { label, packageName } = FLAVOUR_FACTS[flavour];
  log(`${label}: looking for its package in this machine's package sources`);
  await apt.update();
  let names = await apt.search(packageName);
  if (names.length === 0) names = await searchUnstable(apt, packageName);
  const name = names.at(-1);
  if (!name) throw new Error(`no package source of this machine has a package ${packageName}`);
  log(`${label}: downloading ${name}`);
  return apt.download(name);
}

/** Debian keeps MySQL out of its releases, but has it in `sid`, on the very same mirrors. */
async function searchUnstable(apt: AptWorkspace, packageName: RegExp): Promise<string[]> {
  const release = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(\S+)/m.exec(release)?.[1] ?? 'stable';
  if (!/^ID=debian$/m.test(release)) return [];
  for (const source of await readAptSources()) {
    const { types, suites, components } = source;
    if (!types.includes('deb') || !components.includes('main')) continue;
    if (!suites.includes(codename) && !suites.includes('stable')) continue;
    await apt.useSource(formatSource(source, 'sid'));
    await apt.update().catch(() => {});
    const names = await apt.search(packageName);
    if (names.length > 0) return names;
  }
  return [];
}

async function unpack(packages: readonly string[], folder: string): Promise<void> {
  for (const file of packages) await run('dpkg-deb', ['--extract', file, folder]);
  for (const useless of ['doc', 'man', 'locale', 'perl']) {
    await rm(join(folder, 'usr/share', useless), { recursive: true, force: true });
  }
}

/** Describes an unpacked server. Its own loader runs it, as the machine's C library may be older. */
async function programIn(root: string, flavour: Flavour): Promise<ServerProgram> {
  const libraries = await libraryFolders(root);
  const loader = await findLoader(libraries);
  const binary = join(root, 'usr/sbin', flavour === 'mariadb' ? 'mariadbd' : 'mysqld');
  const command = [loader, '--library-path', libraries.join(':'), binary] as const;
  const found = await identify(command);
  const { label } = FLAVOUR_FACTS[flavour];
  if (found.flavour !== flavour) throw new Error(`${binary} is not ${label}`);
  const locations = [
    `--basedir=${join(root, 'usr')}`,
    `--lc-messages-dir=${join(root, 'usr/share/mysql')}`,
    `--character-sets-dir=${join(root, 'usr/share/mysql/charsets')}`,
    `--plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`,
  ];
  const sqlFolder = await findSqlFolder(join(root, 'usr'));
  return { ...found, origin: 'cache', command, locations, sqlFolder };
}

async function libraryFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const parent of [join(root, 'usr/lib'), join(root, 'lib')]) {
    const names = await readdir(parent).catch(() => []);
    folders.push(
      ...names.filter((name) => /-linux-gnu/.test(name)).map((name) => join(parent, name)),
    );
  }
  return folders;
}

async function findLoader(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const name = (await readdir(folder)).find((file) => /^ld-linux.*\.so/.test(file));
    if (name) return join(folder, name);
  }
  throw new Error(`no program loader in ${folders.join(' or ')}`);
}
