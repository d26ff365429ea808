import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import * as mariadb from '../packages/drivers/mariadb/src/failures.ts';
import * as mysql2 from '../packages/drivers/mysql2/src/failures.ts';

type Failure = (typeof mysql2.mysqlFailures.byErrno)[number];
interface Table {
  readonly byErrno: Readonly<Record<number, Failure>>;
  readonly byCode: Readonly<Record<string, Failure>>;
  readonly special?: (error: Error) => Failure | undefined;
}

/** The tables by driver and server. */
const TABLES: readonly [driver: string, server: string, table: Table][] = [
  ['mysql2', 'MySQL', mysql2.mysqlFailures],
  ['mysql2', 'MariaDB', mysql2.mariadbFailures],
  ['mariadb', 'MySQL', mariadb.mysqlFailures],
  ['mariadb', 'MariaDB', mariadb.mariadbFailures],
];

/** What no table of numbers and codes can say, by an example of each. */
const SPECIAL: Readonly<Record<string, Error>> = {
  '1290 that names a read-only option': serverError(1290, 'running with the --read-only option'),
  '1792 outside of a READ ONLY transaction': serverError(1792, 'Cannot execute while read only'),
  '"in closed state"': new Error("Can't add new command when connection is in closed state"),
};

/** Everything that a table says, by the error's name in the documentation. */
function sayings({ byErrno, byCode, special }: Table): [name: string, failure: Failure][] {
  const named: [string, Failure][] = [...Object.entries(byErrno), ...Object.entries(byCode)];
  const specials = Object.entries(SPECIAL).flatMap(([name, error]) => {
    const failure = special?.(error);
    return failure ? [[name, failure] as [string, Failure]] : [];
  });
  return [...named, ...specials];
}

/** The rows that the documentation must have: error, where it means this, scope, executed, why. */
function rows(): string[] {
  const places = new Map<string, Set<string>>();
  for (const [driver, server, table] of TABLES) {
    for (const [name, failure] of sayings(table)) {
      const { scope, executed, why } = failure;
      const run = scope === 'statement' ? '' : executed;
      const row = [name, reachOf(failure), run, why].join(' | ');
      places.set(row, (places.get(row) ?? new Set()).add(`${driver} on ${server}`));
    }
  }
  return [...places].map(([row, where]) => `${row} | ${shortly(where)}`).toSorted();
}

function reachOf({ scope, executed, permanent }: Failure): string {
  if (permanent) return 'dial, told at once';
  return scope === 'statement' && executed === 'no' ? 'dial, tried again' : scope;
}

/** `''` where it is so everywhere. */
function shortly(where: ReadonlySet<string>): string {
  if (where.size === TABLES.length) return '';
  const [first = ''] = where;
  const [driver, server] = first.split(' on ');
  return [...where].every((place) => place.endsWith(` on ${server}`))
    ? (server ?? '')
    : (driver ?? '');
}

function serverError(errno: number, message: string): Error {
  return Object.assign(new Error(message), { errno });
}

describe('the table in docs/errors.md', () => {
  it('says of every error what the tables of the drivers say', () => {
    const text = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
    const [, section = ''] = text.split('## What each error means');
    const lines = section
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    const told = lines.map((line) => {
      const cells = line.split('|').slice(1, -1);
      return cells.map((cell) => cell.trim().replaceAll('`', '')).join(' | ');
    });
    expect(told.toSorted().join('\n')).to.equal(rows().join('\n'));
  });
});
