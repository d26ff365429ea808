import * as fc from 'fast-check';

/** One statement, and what it means; its spaces may be anything that separates words. */
export interface Statement {
  readonly sql: string;
  /** Names of the session state it creates. */
  readonly creates?: readonly string[];
  readonly drops?: readonly string[];
  readonly readsSession?: true;
  readonly rollsBack?: true;
  /** What a text that ends in it leaves of a transaction; nothing said: what was before. */
  readonly transaction?: 'open' | 'ended';
  /** It stores the transaction, or might. */
  readonly mayStore?: true;
  readonly isPlainRead?: true;
}

const STATEMENTS: readonly Statement[] = [
  { sql: 'SELECT 1', isPlainRead: true },
  { sql: 'SELECT a , b FROM t WHERE c = 1', isPlainRead: true },
  { sql: "SELECT COUNT(*) , 'SET@a;begin' FROM `use`", isPlainRead: true },
  { sql: 'WITH c AS (SELECT 1) SELECT MAX(a) FROM c', isPlainRead: true },
  { sql: 'SELECT f() FROM t' },
  { sql: 'SELECT 1 FROM t FOR UPDATE' },
  { sql: 'INSERT INTO t VALUES (1)' },
  { sql: "UPDATE t SET a = 'x;''y' WHERE b = 2" },
  { sql: 'DELETE FROM t' },
  { sql: 'CREATE TABLE t (a INT)', mayStore: true },
  { sql: 'SET @a = 1', creates: ['user variables'], mayStore: true },
  { sql: 'SELECT @a := 1', creates: ['user variables'], readsSession: true },
  { sql: 'SELECT 1 INTO @a', creates: ['user variables'], readsSession: true },
  { sql: 'SET NAMES utf8mb4', creates: ['session variables'], mayStore: true },
  { sql: "SET SESSION sql_mode = ''", creates: ['session variables'], mayStore: true },
  { sql: 'SET GLOBAL max_connections = 5', mayStore: true },
  { sql: 'USE shop', creates: ['the default database'], mayStore: true },
  { sql: 'CREATE TEMPORARY TABLE t (a INT)', creates: ['temporary tables'], mayStore: true },
  { sql: 'LOCK TABLES t WRITE', creates: ['table locks'], mayStore: true },
  { sql: 'UNLOCK TABLES', drops: ['table locks'], mayStore: true },
  { sql: "SELECT GET_LOCK('a',1)", creates: ['named locks'] },
  { sql: 'DO RELEASE_ALL_LOCKS()', drops: ['named locks'] },
  { sql: 'CALL p()', creates: ['what a procedure left'], mayStore: true },
  { sql: 'SELECT LAST_INSERT_ID()', readsSession: true },
  { sql: 'SELECT @a', readsSession: true },
  { sql: 'SHOW WARNINGS', readsSession: true },
  { sql: 'BEGIN', drops: ['the transaction settings'], transaction: 'open', mayStore: true },
  {
    sql: 'START TRANSACTION',
    drops: ['the transaction settings'],
    transaction: 'open',
    mayStore: true,
  },
  { sql: 'COMMIT', drops: ['the transaction settings'], transaction: 'ended', mayStore: true },
  { sql: 'ROLLBACK', drops: ['the transaction settings'], transaction: 'ended', rollsBack: true },
  { sql: 'SAVEPOINT a' },
];

const statement = fc.constantFrom(...STATEMENTS);

/** Words that mean something where they are not in a comment, and none that are read differently. */
const words = fc.constantFrom(
  'it',
  "'",
  '"',
  '`',
  ';',
  '@a',
  'INTO',
  'f()',
  'BEGIN',
  'SET',
  '#',
  ' ',
);
const remark = fc.array(words, { maxLength: 4 }).map((all) => all.join(''));

/** What may stand between two words. */
export const separator = fc.oneof(
  fc.constantFrom(' ', '  ', '\n', '\t', ' \r\n ', '/**/'),
  remark.map((text) => `/* ${text} */`),
  remark.map((text) => `-- ${text}\n`),
  remark.map((text) => `# ${text}\n`),
);

/** The same text in other letters and with other separators, at its ends too. */
export function written(sql: string): fc.Arbitrary<string> {
  const parts = sql.split(' ');
  return fc
    .tuple(
      fc.array(separator, { minLength: parts.length + 1, maxLength: parts.length + 1 }),
      fc.infiniteStream(fc.boolean()),
    )
    .map(([between, upper]) => {
      const text = parts.map((part, place) => `${between[place]}${inLetters(part, upper)}`);
      return `${text.join('')}${between.at(-1)}`;
    });
}

/** What is quoted stays as it is. */
function inLetters(part: string, upper: Iterator<boolean>): string {
  if (/['"`]/.test(part)) return part;
  const letters = part.split('').map((sign) => {
    return upper.next().value ? sign.toUpperCase() : sign.toLowerCase();
  });
  return letters.join('');
}

/** Several statements and one text that holds them. */
export const several: fc.Arbitrary<{ all: Statement[]; text: string }> = fc
  .array(statement, { minLength: 1, maxLength: 4 })
  .chain((all) => {
    return fc.tuple(...all.map(({ sql }) => written(sql))).map((texts) => {
      return { all, text: texts.join(';') };
    });
  });
