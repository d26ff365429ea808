import { accessSync, constants, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ORM_NAMES } from './orms.ts';
import type { OrmName } from './orms.ts';
import { SCENES } from './scenes/index.ts';
import type { Scene } from './scenes/index.ts';

/** Which server the demo is played on; `any` is MariaDB, or MySQL where there is no MariaDB. */
export type ServerChoice = 'any' | 'mariadb' | 'mysql' | 'both';

/** What the caller wants. */
export interface Arguments {
  readonly server: ServerChoice;
  readonly url: string | undefined;
  readonly allowGlobals: boolean;
  readonly orms: readonly OrmName[];
  readonly scenes: readonly Scene[];
  readonly report: string;
  readonly picture: string | undefined;
  readonly json: string | undefined;
}

/** What is to be said instead of playing: the help, or what is wrong with an argument. */
export class ArgumentsError extends Error {
  override readonly name = 'ArgumentsError';
  readonly exitCode: number;

  constructor(text: string, exitCode: number) {
    super(text);
    this.exitCode = exitCode;
  }
}

/** The exit code for an argument that makes no sense. */
const BAD_INPUT = 2;

interface Parsed {
  readonly server?: Exclude<ServerChoice, 'any'>;
  readonly url?: string;
  readonly allowGlobals?: true;
  readonly orm?: OrmName;
  readonly scene?: readonly string[];
  readonly report?: string;
  readonly picture?: string;
  readonly json?: string;
}

/** Reads the command line. Throws an `ArgumentsError` with all that is to be said. */
export function readArguments(words: readonly string[]): Arguments {
  const { orm, scene, report, server, ...parsed } = parse(words);
  const { url, allowGlobals = false, picture, json } = parsed;
  if (url !== undefined && server !== undefined) {
    throw wrong(`--server ${server} cannot be combined with --url: that server is what it is`);
  }
  if (allowGlobals && url === undefined) {
    throw wrong('--allow-globals is for a server of your own: it needs --url');
  }
  if (url !== undefined && !isServerUrl(url)) {
    throw wrong(
      `option '--url <url>' argument '${withoutPassword(url)}' is invalid. ` +
        'Allowed: mysql://user:password@host:port.',
    );
  }
  return {
    server: server ?? 'any',
    url,
    allowGlobals,
    orms: ORM_NAMES.filter((name) => orm === undefined || orm === name),
    scenes: SCENES.filter(({ name }) => !scene || scene.includes(name)),
    report: report ?? defaultReport(),
    picture,
    json,
  };
}

function parse(words: readonly string[]): Parsed {
  let said = '';
  const note = (text: string): void => void (said += text);
  const program = command().configureOutput({ writeOut: note, writeErr: note }).exitOverride();
  try {
    return program.parse(words, { from: 'user' }).opts<Parsed>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new ArgumentsError(said.trimEnd(), error.exitCode === 0 ? 0 : BAD_INPUT);
  }
}

function command(): Command {
  const names = SCENES.map(({ name }) => name);
  return new Command('npm run demo --')
    .description(
      'Plays what happens to idle database connections on a real server, to the same application ' +
        'on TypeORM and on Prisma, bare and guarded, and shows how they fare.',
    )
    .addOption(
      new Option('--server <name>', 'the server to start (default: mariadb, else mysql)').choices([
        'mariadb',
        'mysql',
        'both',
      ]),
    )
    .option(
      '--url <url>',
      'play on a server of your own, in two databases that are made for it and removed: ' +
        'mysql://user:password@host:port',
    )
    .option(
      '--allow-globals',
      "allow the demo to set your server's global wait_timeout for a while",
    )
    .addOption(
      new Option('--orm <name>', 'the ORM of the application (default: both)').choices(ORM_NAMES),
    )
    .addOption(
      new Option('--scene <name>', 'play only this scene; may be repeated')
        .choices(names)
        .argParser((name, before?: readonly string[]) => [...(before ?? []), toScene(name)]),
    )
    .option('--report <file>', 'where the report goes (default: lifeguard-report.html)', toFile)
    .option('--picture <file>', 'also draw the result as an SVG', toFile)
    .option('--json <file>', 'also write the raw results', toFile)
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('(--help lists all options)');
}

function toScene(name: string): string {
  const names = SCENES.map((scene) => scene.name);
  if (names.some((known) => known === name)) return name;
  throw new InvalidArgumentError(`Allowed choices are ${names.join(', ')}.`);
}

function isServerUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^(mysql|mariadb):$/.test(url.protocol) && url.hostname !== '';
}

const withoutPassword = (url: string): string => url.replace(/(:\/\/[^:@/]*):[^@]*@/, '$1:***@');

/** A file that can be written: found out now, not when everything has been played. */
function toFile(text: string): string {
  const file = resolve(text);
  if (isWritable(dirname(file)) && !isFolder(file)) return file;
  throw new InvalidArgumentError(`Allowed: a file in a folder that exists and can be written to.`);
}

function defaultReport(): string {
  const folder = isWritable(process.cwd()) ? process.cwd() : tmpdir();
  return join(folder, 'lifeguard-report.html');
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function wrong(text: string): ArgumentsError {
  return new ArgumentsError(`error: ${text}\n(--help lists all options)`, BAD_INPUT);
}
