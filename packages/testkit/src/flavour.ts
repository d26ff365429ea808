/** The two server families that Lifeguard is tested on; they hang up in different ways. */
export type Flavour = 'mariadb' | 'mysql';

/** What has to be known of a flavour to find its server and to name it. */
export interface FlavourFacts {
  readonly label: string;
  /** The server binary's name, which may also be carried by the other flavour's binary. */
  readonly binaries: readonly string[];
  /** The environment variable that points at a server which is already running; `none` forgoes the flavour. */
  readonly urlVariable: string;
  /** Names of the distribution packages that hold the server and nothing around it. */
  readonly packageName: RegExp;
}

/** Every flavour, in the order in which suites are declared. */
export const FLAVOURS: readonly Flavour[] = ['mariadb', 'mysql'];

/** The facts of each flavour. */
export const FLAVOUR_FACTS: Readonly<Record<Flavour, FlavourFacts>> = {
  mariadb: {
    label: 'MariaDB',
    binaries: ['mariadbd', 'mysqld'],
    urlVariable: 'LIFEGUARD_MARIADB_URL',
    packageName: /^mariadb-server-core(-[\d.]+)?$/,
  },
  mysql: {
    label: 'MySQL',
    binaries: ['mysqld'],
    urlVariable: 'LIFEGUARD_MYSQL_URL',
    packageName: /^mysql-server-core(-[\d.]+)?$/,
  },
};

/** Tells a server's flavour from what it says about its version. */
export function flavourOfVersion(version: string): Flavour {
  return /mariadb/i.test(version) ? 'mariadb' : 'mysql';
}
