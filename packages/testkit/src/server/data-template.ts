import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../programs/packaged.ts';
import type { ServerProgram } from '../programs/server-program.ts';
import { cachedFolder } from '../tools/cache-folder.ts';
import { run } from '../tools/run.ts';
import { commonOptions } from './server-options.ts';

/**
 * The data folder of a server that has never run, kept in the cache because making one takes
 * seconds and copying it does not. Making it also proves that the program works on this machine.
 */
export function dataTemplate(program: ServerProgram, log: Log): Promise<string> {
  const recipe = [RECIPE, ...commonOptions(program, ''), USERS].join('\n');
  const digest = createHash('sha256').update(recipe).digest('hex').slice(0, 8);
  return cachedFolder(`data/${program.flavour}-${program.version}-${digest}`, async (folder) => {
    log(`making a data folder for ${program.version}`);
    await mkdir(join(folder, 'data'));
    await (program.flavour === 'mariadb' ? makeForMariadb : makeForMysql)(program, folder);
  });
}

/** Copies a template to where a server will own it; pages that hold nothing take no space. */
export async function copyTemplate(template: string, dataFolder: string): Promise<void> {
  const sparse = process.platform === 'linux' ? ['--sparse=always'] : [];
  await run('cp', ['-a', ...sparse, join(template, 'data'), dataFolder]);
}

/** To be raised when a template made by an older recipe will not do any more. */
const RECIPE = '2';

// The servers resolve no names, so a client on 127.0.0.1 is not on `localhost` to them.
const USERS = `
CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '';
GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
`;

async function makeForMysql(program: ServerProgram, folder: string): Promise<void> {
  const sql = join(folder, 'users.sql');
  await writeFile(sql, USERS);
  const [file, ...args] = program.command;
  const options = ['--initialize-insecure', `--init-file=${sql}`];
  await run(file, [...args, ...commonOptions(program, join(folder, 'data')), ...options]);
}

/** Does what `mariadb-install-db` does: its tables come from SQL files run without any grants. */
async function makeForMariadb(program: ServerProgram, folder: string): Promise<void> {
  if (!program.sqlFolder) throw new Error(`the SQL files of ${program.version} were not found`);
  const tables = await systemTables(program.sqlFolder);
  const sql = ['CREATE DATABASE mysql;', 'USE mysql;', 'SET @auth_root_socket = NULL;', ...tables];
  const [file, ...args] = program.command;
  const options = ['--bootstrap', '--max-allowed-packet=16M', '--net-buffer-length=16K'];
  const input = `${sql.join('\n')}\n`;
  await run(file, [...args, ...commonOptions(program, join(folder, 'data')), ...options], {
    input,
  });
}

/** MariaDB creates `root` for 127.0.0.1 by itself. Its files changed their prefix over the years. */
async function systemTables(sqlFolder: string): Promise<string[]> {
  const present = await readdir(sqlFolder);
  const wanted = [
    'system_tables.sql',
    'performance_tables.sql',
    'system_tables_data.sql',
    'add_gis_sp_bootstrap.sql',
    'sys_schema.sql',
  ];
  const names = wanted.map((end) => present.find((name) => hasEnd(name, end)));
  const files = names.filter((name) => name !== undefined);
  return Promise.all(files.map((name) => readFile(join(sqlFolder, name), 'utf8')));
}

const hasEnd = (name: string, end: string): boolean => name.replace(/^[a-z]+_/, '') === end;
