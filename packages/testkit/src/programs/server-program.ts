import { run } from '../tools/run.ts';
import { flavourOfVersion } from '../flavour.ts';
import type { Flavour } from '../flavour.ts';

/** A server binary that can be started here, and what must be known to start it. */
export interface ServerProgram {
  readonly flavour: Flavour;
  /** As the server states it, e.g. `10.11.19-MariaDB-0+deb12u1` or `9.7.4-2`. */
  readonly version: string;
  /** Whether the machine had it or it was brought into the cache. */
  readonly origin: 'installed' | 'cache';
  /** The command line that runs it; a copy in the cache runs through a loader of its own. */
  readonly command: readonly [string, ...string[]];
  /** Options without which it would look for its own files in the wrong place. */
  readonly locations: readonly string[];
  /** The folder with the SQL files that make MariaDB's system tables. */
  readonly sqlFolder: string | undefined;
}

/** Asks a binary for its version, and thereby for its flavour: the file name does not tell it. */
export async function identify(
  command: readonly [string, ...string[]],
): Promise<{ flavour: Flavour; version: string }> {
  const [file, ...args] = command;
  const answer = await run(file, [...args, '--no-defaults', '--version']);
  const version = /\bVer (\S+)/.exec(answer)?.[1];
  if (!version) throw new Error(`no version in what ${file} says: ${answer}`);
  return { flavour: flavourOfVersion(answer), version };
}
