import { expect } from 'chai';
import { isPlainRead } from '../src/plain-reads.ts';

/** A test's name takes one line. */
const nameOf = (sql: string): string => sql.replaceAll(/\s/g, ' ');

/** By what they show. */
const READS: Readonly<Record<string, readonly string[]>> = {
  'one statement': [
    'SELECT 1',
    'select * from t where a = 1 and (b = 2 or c in (3, 4)) order by d desc limit 5 offset 6',
    ' \n\tSELECT 1;',
    'SELECT 1 ; ;',
    'SELECT*FROM t',
    '(SELECT 1)',
    '((SELECT 1) UNION ALL (SELECT 2)) ORDER BY 1',
    'SELECT 1 UNION SELECT 2 EXCEPT SELECT 3',
    'TABLE t',
    'VALUES (1, 2), (3, 4)',
    'WITH c AS (SELECT 1) SELECT * FROM c',
    'WITH RECURSIVE c AS (SELECT 1 UNION SELECT a + 1 FROM c) SELECT * FROM c',
    'SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id)',
    'SELECT a FROM t JOIN u USING (id) LEFT JOIN v ON (v.id = u.id) WHERE a > ALL (SELECT 1)',
    'SELECT a FROM t FORCE INDEX (i) WHERE a BETWEEN (1) AND (2)',
    'SELECT a FROM t PARTITION (p0, p1)',
    'SELECT SQL_NO_CACHE a FROM t',
    'SELECT a FROM t WHERE b = ? AND c = :c',
    'SELECT f FROM t WHERE updated = 1 AND deleted_at IS NULL AND calls > 0 AND intonation = 1',
    'SELECT a FROM t FOR SYSTEM_TIME AS OF NOW()',
  ],
  'functions that only compute': [
    'SELECT COUNT(*), sum(a), Max(b), MIN( c ), AVG(DISTINCT d) FROM t GROUP BY e HAVING COUNT(*) > 1',
    'SELECT CONCAT(UPPER(a), LOWER(b)), IFNULL(c, COALESCE(d, 0)), IF(a, b, c) FROM t',
    'SELECT INSERT(a, 1, 1, b), REPLACE(a, b, c), TRUNCATE(a, 1), REPEAT(a, 2) FROM t',
    'SELECT insert (a, 1, 1, b), insert  (a, 1, 1, b)',
    'SELECT DATE_ADD(a, INTERVAL (1) DAY), EXTRACT(YEAR FROM b), CAST(c AS CHAR(10)) FROM t',
    "SELECT JSON_UNQUOTE(JSON_EXTRACT(a, '$.b')), GROUP_CONCAT(c ORDER BY d) FROM t",
    'SELECT SUM(a) OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t',
    'SELECT VALUES(a), CONVERT(b USING utf8mb4) FROM t',
    'SELECT CASE WHEN (a) THEN (b) ELSE (c) END, NOT (d), 1 DIV (2), a LIKE (b) FROM t',
  ],
  'what is inside texts, names and comments': [
    "SELECT 'INTO OUTFILE', 'f()', '@a', 'a; DELETE FROM t', ':=', 'FOR UPDATE'",
    'SELECT "INTO OUTFILE", "f()", "@a", "a; DELETE FROM t"',
    'SELECT `update`, `into`, `f()`, `a@b`, `a;b` FROM `for update`',
    "SELECT 'it''s f()', 'it''s @a'",
    'SELECT /* f() INTO @a; DELETE FROM t */ 1 -- f() FOR UPDATE\n FROM t # @a',
    'SELECT /*+ SET_VAR(sql_mode = @a) */ 1',
    "SELECT a FROM t WHERE mail = 'bob@example.com'",
    'SELECT a FROM t WHERE b IN (`f`, 1) AND `c` IN (2)',
  ],
};

const MORE: Readonly<Record<string, readonly string[]>> = {
  'no read at all': [
    ...['', ' ', ';', '-- SELECT 1', '/* SELECT 1 */', '`SELECT` 1', "'SELECT 1'", 'SELECTED 1'],
    ...['INSERT INTO t VALUES (1)', 'INSERT INTO t SELECT 1', 'UPDATE t SET a = 1'],
    ...['DELETE FROM t', 'REPLACE INTO t SELECT 1', 'TRUNCATE t', 'DO 1', 'SET @a = 1', 'BEGIN'],
    ...['CALL p()', 'CALL p', 'EXECUTE s', "EXECUTE IMMEDIATE 'SELECT 1'", 'HANDLER t READ FIRST'],
    ...['SHOW TABLES', 'EXPLAIN SELECT 1', 'EXPLAIN ANALYZE SELECT f()', 'ANALYZE SELECT f()'],
    ...['LOCK TABLES t READ', 'BEGIN NOT ATOMIC SELECT 1', 'SET STATEMENT a = 1 FOR SELECT 1'],
    ...['xSELECT 1', 'EXPLAIN (SELECT 1)'],
  ],
  'several statements': [
    ...['SELECT 1; SELECT 2', 'SELECT 1; DELETE FROM t', 'SELECT 1;\n;CALL p()'],
    ...[
      'SELECT /* ; */ 1; DELETE FROM t',
      "SELECT ';'; DELETE FROM t",
      'SELECT 1 -- a\n; SELECT 2',
    ],
    ...["SELECT '\\\\'; DELETE FROM t; -- '", "SELECT ''';'; DELETE FROM t"],
  ],
  'locking reads': [
    ...['SELECT 1 FROM t FOR UPDATE', 'select 1 from t for\n\tupdate', 'SELECT 1 FROM t FOR SHARE'],
    ...['SELECT 1 FROM t FOR UPDATE SKIP LOCKED', 'SELECT 1 FROM t FOR SHARE OF t NOWAIT'],
    ...['SELECT 1 FROM t LOCK IN SHARE MODE', 'SELECT 1 FROM t lock  in  share  mode NOWAIT'],
    ...['SELECT 1 FROM t FOR/**/UPDATE', 'SELECT 1 FROM t FOR -- a\n SHARE'],
    ...['SELECT 1 FROM t LOCK/*a*/IN/*b*/SHARE/*c*/MODE', 'SELECT 1 FROM t FOR # a\nSHARE'],
    ...['SELECT * FROM (SELECT 1 FROM t FOR UPDATE) u', '(SELECT 1 FROM t FOR UPDATE)'],
    ...[
      'SELECT 1 FROM t /*!40101 FOR UPDATE */',
      'TABLE t FOR UPDATE',
      'SELECT 1 FROM `t`FOR UPDATE',
    ],
    ...[
      'SELECT 1 FROM t /*!80000 FOR SHARE */',
      'SELECT 1 FROM t /*M!100000 LOCK IN SHARE MODE */',
    ],
  ],
  'an INTO': [
    ...["SELECT 1 INTO OUTFILE '/tmp/a'", "SELECT 1 INTO DUMPFILE '/tmp/a'", 'SELECT 1 INTO @a'],
    ...['SELECT 1 INTO a', "TABLE t INTO OUTFILE '/tmp/a'", "select 1 into\noutfile'/tmp/a'"],
    ...["SELECT 1 FROM t /*! INTO OUTFILE '/tmp/a' */", "(SELECT 1)INTO OUTFILE '/tmp/a'"],
  ],
  variables: [
    ...[
      'SELECT @a',
      'SELECT @a := 1',
      'SELECT a := 1',
      'SELECT @`a b`',
      "SELECT @'a'",
      'SELECT (@a)',
    ],
    ...['SELECT @@identity', 'SELECT @@global.wait_timeout', 'SELECT a FROM t WHERE b=@b'],
    ...["SELECT 'a'@b", 'SELECT /*! @a := */ 1'],
  ],
  'functions that are not known': [
    ...[
      'SELECT f()',
      'SELECT f(1)',
      'SELECT f ()',
      'SELECT f\n()',
      'SELECT 1 FROM t WHERE a = f(b)',
    ],
    ...['SELECT f/**/()', 'SELECT f /* a */ (1)', 'SELECT f -- a\n(1)', 'SELECT f# a\n(1)'],
    ...['SELECT COUNT(f())', 'SELECT CONCAT(1, f())', 'SELECT(f())', 'SELECT 1 ORDER BY f()'],
    ...['SELECT _concat(1)', 'SELECT concat_(1)', 'SELECT concat1(1)', 'SELECT $concat(1)'],
    ...['SELECT concat$(1)', 'SELECT xconcat(1)', 'SELECT 1concat(1)', 'SELECT {fn f()}'],
    ...[
      'SELECT /*! f() */ 1',
      'SELECT /*!50000 f*/()',
      'SELECT f/*! (1) */',
      'WITH c AS (SELECT f()) SELECT 1',
    ],
    ...['SELECT 1 LIMIT 1 PROCEDURE ANALYSE()', 'SELECT SLEEP(1)', 'SELECT BENCHMARK(1, 1)'],
    ...['SELECT RAND()', 'SELECT UUID()', "SELECT LOAD_FILE('a')", "SELECT GET_LOCK('a', 1)"],
    ...['SELECT LAST_INSERT_ID()', 'SELECT ROW_COUNT()', 'SELECT CONNECTION_ID()', 'SELECT f(1).a'],
    ...[
      'SELECT 1 FROM JSON_TABLE(a) j',
      'SELECT sys.eval(1)',
      'SELECT constructor(1)',
      'SELECT toString()',
    ],
  ],
  'functions with an owner': [
    ...[
      'SELECT db.f()',
      'SELECT db.concat(1)',
      'SELECT db . concat (1)',
      'SELECT db./**/concat(1)',
    ],
    ...[
      'SELECT db.\nconcat(1)',
      'SELECT `db`.concat(1)',
      'SELECT db.`concat`(1)',
      'SELECT .concat(1)',
    ],
    ...['SELECT a.b.concat(1)', 'SELECT 1.concat(1)'],
  ],
  'functions with a quoted name': [
    ...[
      'SELECT `f`()',
      'SELECT `concat`(1)',
      'SELECT `f` (1)',
      'SELECT `f`/**/(1)',
      'SELECT "f"(1)',
    ],
    ...['SELECT `a``b`(1)', 'SELECT ``(1)', 'SELECT `(`(1)'],
  ],
  'functions whose name is not ASCII': [
    ...['SELECT é(1)', 'SELECT éconcat(1)', 'SELECT concaté(1)', 'SELECT 関数(1)', 'SELECT 😀(1)'],
    ...['SELECT concat\u00A0(1)', 'SELECT \u00A0concat(1)', 'SELECT concat\u200B(1)'],
    ...['SELECT ｃoncat(1)', 'SELECT ıf(1)', 'SELECT İf(1)', 'SELECT \u017Fum(1)'],
  ],
  'what changes rows behind a WITH': [
    ...['WITH c AS (SELECT 1) DELETE FROM t', 'WITH c AS (SELECT 1)DELETE t FROM t JOIN c'],
    ...['WITH c AS (SELECT 1) UPDATE t SET a = 1', 'WITH c AS (SELECT 1) INSERT t SELECT * FROM c'],
    ...['WITH c AS (SELECT 1) /*! DELETE */ FROM t', 'with c as (select 1)\nupdate t set a=1'],
  ],
  sequences: [
    ...['SELECT NEXT VALUE FOR s', 'select next  value\nfor s', 'SELECT NEXT/**/VALUE/**/FOR s'],
    ...[
      'SELECT PREVIOUS VALUE FOR s',
      'SELECT NEXTVAL(s)',
      'SELECT SETVAL(s, 5)',
      'SELECT LASTVAL(s)',
    ],
  ],
  'words behind a number or a quoted name, without a space': [
    ...["SELECT 'a'into outfile '/tmp/f'", "SELECT 1.0into outfile '/tmp/f'", 'SELECT 1e5into @a'],
    ...["SELECT 1 FROM t WHERE a='b'LOCK IN SHARE MODE", 'SELECT 1 FROM `t`FOR SHARE'],
  ],
  'what servers read in different ways': [
    ...['/*!40101 SELECT 1 */', 'SELECT /*!50000 SQL_NO_CACHE */ 1', 'SELECT /*M! 1 */'],
    ...["SELECT /*!99999 ' */ f() /*!99999 ' */", "SELECT '\\', f(), '\\'", 'SELECT [f]()'],
    ...['SELECT 1 AS "a\\", f(), 2 AS "b"', "SELECT 1 --\u0001 '\n, f() -- '"],
    ...['SELECT mid/**/(1)', 'SELECT count (1)', 'SELECT s.nextval', 'SELECT wee\u212A(1)'],
    ...[`SELECT f${' '.repeat(300)}(1)`, `SELECT db.${' '.repeat(300)}concat(1)`],
  ],
  'what concerns the statement behind it': ['SELECT SQL_CALC_FOUND_ROWS a FROM t LIMIT 1'],
};

describe('a plain read', () => {
  for (const [topic, texts] of Object.entries(READS)) {
    describe(`is ${topic}`, () => {
      for (const sql of texts) it(nameOf(sql), () => expect(isPlainRead(sql)).to.equal(true));
    });
  }
});

describe('a long text', () => {
  for (const piece of ['1', ' ', '(', 'a(1),', "'"]) {
    it(`of ${nameOf(piece)} is read in a time that does not grow with its square`, () => {
      expect(isPlainRead(`SELECT ${piece.repeat(300_000)} f()`)).to.equal(false);
    }).timeout(5_000);
  }
});

describe('more than a plain read', () => {
  for (const [topic, texts] of Object.entries(MORE)) {
    describe(`is ${topic}`, () => {
      for (const sql of texts) it(nameOf(sql), () => expect(isPlainRead(sql)).to.equal(false));
    });
  }
});
