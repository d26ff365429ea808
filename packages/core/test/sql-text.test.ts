import { expect } from 'chai';
import { statementsOf } from '../src/sql-text.ts';

const TABLE: [topic: string, sql: string, statements: string[]][] = [
  ['one statement', 'SELECT 1', ['SELECT 1']],
  ['several statements', 'SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['a closing semicolon', 'SELECT 1; ;\n', ['SELECT 1']],
  ['no statement', ' ;; ', []],
  ['nothing', '', []],

  ['a text', "SELECT 'a; SET @x = 1'", ['SELECT x']],
  ['a text in double quotes', 'SELECT "a; SET @x = 1"', ['SELECT x']],
  ['a quoted name', 'SELECT `a; b` FROM t', ['SELECT x FROM t']],
  ['several texts', "SELECT 'a', 'b'", ['SELECT x, x']],
  ['an empty text', "SELECT ''", ['SELECT x']],
  ['a doubled quote', "SELECT 'it''s', 1", ['SELECT xx, 1']],
  ['a doubled double quote', 'SELECT "a""b", 1', ['SELECT xx, 1']],
  ['an escaped quote', "SELECT 'it\\'s; ', 1", ['SELECT x, 1']],
  ['an escaped backslash at the end', "SELECT 'a\\\\', '; b'", ['SELECT x, x']],
  ['three backslashes before a quote', "SELECT 'a\\\\\\'; b', 1", ['SELECT x, 1']],
  ['an escaped line break', "SELECT 'a\\\n; b', 1", ['SELECT x, 1']],
  ['a text that begins with an escape', "SELECT '\\'; a'", ['SELECT x']],
  ['a backslash in a quoted name, which escapes nothing', 'SELECT `a\\`, 1', ['SELECT x, 1']],
  ['a doubled backtick', 'SELECT `a``; b`, 1', ['SELECT xx, 1']],
  ['quotes of another kind inside', `SELECT 'a"b', "c'd", \`e'f\``, ['SELECT x, x, x']],
  ['a text that is never closed', "SELECT 'a; b", ['SELECT x']],
  ['a text that is never closed behind an escape', "SELECT 'a\\'", ['SELECT x']],
  ['an account', "GRANT ALL ON t TO 'bob'@'%'", ['GRANT ALL ON t TO x@x']],

  ['a comment', 'SELECT /* ; SET @x = 1 */ 1', ['SELECT 1']],
  ['a comment of several lines', 'SELECT 1 /* a\n; b */', ['SELECT 1']],
  ['a comment that holds a quote', "SELECT /* it's */ 'a'", ['SELECT x']],
  ['a comment that is never closed', 'SELECT 1 /* ; SET', ['SELECT 1']],
  ['a text that holds a comment', "SELECT '/* a', 1 */ 2", ['SELECT x, 1 2']],
  ['an optimizer hint', 'SELECT /*+ NO_INDEX(t) */ 1', ['SELECT 1']],
  ['a comment to the end of the line', 'SELECT 1 -- ; a\n+ 2', ['SELECT 1 + 2']],
  ['one with a tab', 'SELECT 1 --\t; a', ['SELECT 1']],
  ['one that holds nothing', 'SELECT 1 --\n; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['one at the end of the text', 'SELECT 1 --', ['SELECT 1']],
  ['two minus signs that are no comment', 'SELECT 5--1; SELECT 2', ['SELECT 5--1', 'SELECT 2']],
  ['a number sign', 'SELECT 1 # ; a\n, 2', ['SELECT 1 , 2']],
  ['a number sign in a text', "SELECT '#', 2", ['SELECT x, 2']],

  ['a comment that is executed', '/*! SET a = 1 */', ['SET a = 1']],
  ['one for a version', '/*!40101 SET a = 1 */; SELECT 1', ['SET a = 1', 'SELECT 1']],
  ['one for MariaDB alone', '/*M!100100 SET a = 1 */', ['SET a = 1']],
  ['a text in one', "/*!40101 SET a = '*/' */", ['SET a = x']],
];

describe('an SQL text', () => {
  for (const [topic, sql, statements] of TABLE) {
    it(`with ${topic}`, () => {
      const narrow = statementsOf(sql).map((one) => one.trim().replaceAll(/\s+/g, ' '));
      expect(narrow).to.deep.equal(statements);
    });
  }

  it('may be as long as a packet can be', () => {
    const long = 'a'.repeat(64 << 20);
    expect(statementsOf(`INSERT INTO t VALUES ('${long}')`)).to.deep.equal([
      'INSERT INTO t VALUES (x)',
    ]);
  });

  for (const [what, piece] of [
    ['escaped quotes', "\\'"],
    ['doubled quotes', "''"],
    ['backslashes', '\\\\'],
    ['comments', '/* a */'],
    ['texts', " 'a',"],
  ] as const) {
    it(`is read once, not again and again: a million ${what}`, function () {
      // Read again and again it would take hours.
      this.timeout(60_000);
      const inside = what === 'comments' || what === 'texts' ? '' : "'";
      statementsOf(`SELECT ${inside}${piece.repeat(1_000_000)}`);
    });
  }
});
