import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../tools/run.ts';

/**
 * apt with a state of its own in a folder. It resolves and downloads as if nothing were installed,
 * so it brings a server with all its libraries, needs no rights and leaves the machine as it is.
 */
export class AptWorkspace {
  readonly #folder: string;
  readonly #config: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#config = join(folder, 'apt.conf');
  }

  /** Prepares the folder. It uses the machine's package sources until told otherwise. */
  static async create(folder: string): Promise<AptWorkspace> {
    await mkdir(join(folder, 'state/lists/partial'), { recursive: true });
    await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
    await mkdir(join(folder, 'sources'), { recursive: true });
    await writeFile(join(folder, 'status'), '');
    const workspace = new AptWorkspace(folder);
    await workspace.#configure([]);
    return workspace;
  }

  /** Replaces the machine's package sources by this one, given in the deb822 format. */
  async useSource(source: string): Promise<void> {
    await writeFile(join(this.#folder, 'sources/only.sources'), source);
    await this.#configure([
      'Dir::Etc::sourcelist "/dev/null";',
      `Dir::Etc::sourceparts "${join(this.#folder, 'sources')}";`,
      'Dir::Etc::preferences "/dev/null";',
      'Dir::Etc::preferencesparts "/dev/null";',
    ]);
  }

  /** Reads the package lists. */
  async update(): Promise<void> {
    await this.#apt('apt-get', ['update', '-q']);
  }

  /** The names of packages that match, newest version in the name last. */
  async search(name: RegExp): Promise<string[]> {
    const found = await this.#apt('apt-cache', ['search', '--names-only', name.source]);
    const names = found.split('\n').map((line) => line.split(' ')[0] ?? '');
    return names
      .filter((candidate) => name.test(candidate))
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }

  /** Downloads a package with all it depends on and returns the files. */
  async download(packageName: string): Promise<string[]> {
    const options = ['-q', '-y', '--no-install-recommends', '--download-only'];
    await this.#apt('apt-get', ['install', ...options, packageName]);
    const archives = join(this.#folder, 'cache/archives');
    const files = (await readdir(archives)).filter((file) => file.endsWith('.deb'));
    return files.map((file) => join(archives, file));
  }

  async #configure(lines: readonly string[]): Promise<void> {
    const own = [
      `Dir::State "${join(this.#folder, 'state')}";`,
      `Dir::State::status "${join(this.#folder, 'status')}";`,
      `Dir::Cache "${join(this.#folder, 'cache')}";`,
      'Dir::Cache::archives "archives";',
      'APT::Sandbox::User "";',
      'Acquire::Languages "none";',
      'Acquire::Retries "2";',
      'Acquire::http::Timeout "20";',
      'Acquire::https::Timeout "20";',
    ];
    await writeFile(this.#config, [...own, ...lines, ''].join('\n'));
  }

  #apt(command: string, args: readonly string[]): Promise<string> {
    return run(command, ['--config-file', this.#config, ...args]);
  }
}
