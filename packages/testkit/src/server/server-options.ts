import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ServerProgram } from '../programs/server-program.ts';

/** A system variable's value, as it is written in SQL or on the command line. */
export type GlobalValue = string | number;

/** Files of one private server, all within its own folder. */
export interface ServerFolder {
  readonly root: string;
  readonly data: string;
  readonly socketPath: string;
  readonly log: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Lays out a private server's folder. */
export function serverFolder(root: string): ServerFolder {
  const at = (name: string): string => join(root, name);
  return {
    root,
    data: at('data'),
    socketPath: at('server.sock'),
    log: at('server.log'),
    caFile: at('ca.pem'),
    certFile: at('cert.pem'),
    keyFile: at('key.pem'),
  };
}

// A commit still reaches the operating system, so it survives a SIGKILL of the server; that it
// would not survive a power cut is no loss here. `loose` options may be unknown to some versions.
const FAST = [
  '--skip-log-bin',
  '--performance-schema=OFF',
  '--innodb-buffer-pool-size=16M',
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-doublewrite=OFF',
  '--innodb-flush-method=nosync',
  '--innodb-use-native-aio=OFF',
  '--innodb-buffer-pool-dump-at-shutdown=OFF',
  '--innodb-buffer-pool-load-at-startup=OFF',
];

const FAST_BY_FLAVOUR = {
  mariadb: ['--innodb-log-file-size=8M'],
  mysql: ['--loose-mysqlx=OFF', '--loose-innodb-redo-log-capacity=64M', '--secure-file-priv=NULL'],
};

/** Options for everything a server program is run for: making a data folder and serving it. */
export function commonOptions(program: ServerProgram, dataFolder: string): string[] {
  const asRoot = process.getuid?.() === 0 ? [`--user=${userInfo().username}`] : [];
  return [
    '--no-defaults',
    ...asRoot,
    ...program.locations,
    `--datadir=${dataFolder}`,
    ...FAST,
    ...FAST_BY_FLAVOUR[program.flavour],
  ];
}

/** Options for serving a private server's folder on a port of 127.0.0.1. */
export function servingOptions(
  program: ServerProgram,
  folder: ServerFolder,
  port: number,
  globals: Readonly<Record<string, GlobalValue>>,
): string[] {
  return [
    ...commonOptions(program, folder.data),
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    `--socket=${folder.socketPath}`,
    // At its start a server deletes whatever temporary tables it finds there, also another one's.
    `--tmpdir=${folder.root}`,
    `--pid-file=${join(folder.root, 'server.pid')}`,
    `--ssl-ca=${folder.caFile}`,
    `--ssl-cert=${folder.certFile}`,
    `--ssl-key=${folder.keyFile}`,
    '--skip-name-resolve',
    '--max-connections=400',
    ...Object.entries(globals).map(([name, value]) => `--${name}=${value}`),
  ];
}
