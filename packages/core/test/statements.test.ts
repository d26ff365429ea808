import { expect } from 'chai';
import { readStatement } from '../src/statements.ts';

/** SQL texts by the state that they create. */
const CREATES: Record<string, string[]> = {
  'session variables': [
    "SET sql_mode = 'ANSI'",
    'set autocommit=0',
    '  SET\n  time_zone = "+00:00"',
    'SET SESSION wait_timeout = 5',
    'SET LOCAL wait_timeout = 5',
    'SET @@session.sql_mode = 1',
    'SET @@local.sql_mode = 1',
    'SET @@sql_mode = 1',
    "SET NAMES 'utf8mb4'",
    'SET CHARACTER SET utf8mb4',
    'SET CHARSET utf8mb4',
    'SET ROLE admin',
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    'SET foreign_key_checks := 0',
    'SET GLOBAL max_connections = 5, SESSION sql_mode = 1',
    'SET @@global.max_connections = 5, @@session.sql_mode = 1',
    '/*!40101 SET NAMES utf8mb4 */',
    '/*M!100100 SET NAMES utf8mb4 */',
    '-- prepare\nSET NAMES utf8mb4',
    "--\nSET time_zone = '+00:00'",
    '/* app=1 */ SET NAMES utf8mb4',
  ],
  'user variables': [
    'SET @a = 1',
    'SET @a := 1',
    "SET @'a b' = 1",
    'SET @`a b` = 1',
    'SET @a.b$c = 1',
    'SELECT @a := 1',
    'SELECT id, @rank:=@rank+1 FROM t',
    'SELECT COUNT(*) INTO @a FROM t',
    'FETCH cursor1 INTO @a',
    '/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE */',
    'SET@a = 1',
  ],
  'what it executed': ["EXECUTE IMMEDIATE 'SET @a = 1'", 'execute  immediate @sql'],
  'what a procedure left': [
    'CALL p()',
    'call shop.p(1)',
    'SET STATEMENT max_statement_time = 1 FOR CALL p()',
  ],
  'the transaction settings': [
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'set  transaction read only',
  ],
  'the default database': ['USE shop', 'use `shop`', ' USE\tshop'],
  'temporary tables': [
    'CREATE TEMPORARY TABLE t (id INT)',
    'create or replace temporary table t (id int)',
    'CREATE TEMPORARY TABLE IF NOT EXISTS t LIKE u',
  ],
  'table locks': [
    'LOCK TABLES t WRITE',
    'LOCK TABLE t READ',
    'LOCK INSTANCE FOR BACKUP',
    'FLUSH TABLES WITH READ LOCK',
    'FLUSH TABLES t, u FOR EXPORT',
    'FLUSH TABLE t WITH READ LOCK',
  ],
  'named locks': ["SELECT GET_LOCK('a', 10)", 'DO get_lock("a", 1)', "SELECT GET_LOCK ('a', 1)"],
  'prepared statements': ["PREPARE s FROM 'SELECT 1'", 'prepare s from @sql'],
  'open handlers': ['HANDLER t OPEN', 'HANDLER t OPEN AS h'],
};

/** SQL texts that create nothing, though they look like it. */
const CREATES_NOTHING = [
  'SELECT 1',
  'UPDATE t SET a = 1 WHERE id = 2',
  'INSERT INTO t SET a = 1',
  "UPDATE users SET mail = 'bob@example.com'",
  "SELECT * FROM t WHERE note = 'SET @a = 1; USE x'",
  'SELECT "LOCK TABLES t WRITE"',
  'SELECT `use`, `set` FROM t',
  'SELECT * FROM t USE INDEX (i)',
  'SELECT 1 -- SET @a = 1',
  'SELECT 1 # USE shop',
  '/* SET @a = 1; */ SELECT 1',
  'SET GLOBAL max_connections = 5',
  'SET @@global.max_connections = 5',
  'SET @@GLOBAL.max_connections = 5',
  'SET PERSIST max_connections = 5',
  'SET PERSIST_ONLY max_connections = 5',
  'SET @@persist.max_connections = 5',
  'SET GLOBAL TRANSACTION READ ONLY',
  "SET PASSWORD FOR 'bob'@'%' = 'x'",
  'SET DEFAULT ROLE admin TO bob',
  'SET STATEMENT max_statement_time = 1 FOR SELECT 1',
  'SET RESOURCE GROUP batch',
  'CREATE TABLE temporary_things (id INT)',
  'SELECT temporary FROM t',
  'UNLOCK TABLES',
  'FLUSH TABLES',
  'FLUSH PRIVILEGES',
  "SELECT RELEASE_LOCK('a')",
  'SELECT get_lock FROM t',
  'SELECT `call`, calls FROM t',
  'SELECT * FROM t WHERE a = 1 FOR UPDATE',
  'SELECT * FROM t LOCK IN SHARE MODE',
  'HANDLER t CLOSE',
  'EXECUTE s',
  'SELECT `prepare` FROM t',
  'COMMIT',
  '',
];

const DROPS: Record<string, string[]> = {
  'table locks': ['UNLOCK TABLES', 'unlock table', 'UNLOCK INSTANCE'],
  'named locks': ['SELECT RELEASE_ALL_LOCKS()', 'DO release_all_locks ()'],
  'the transaction settings': ['BEGIN', 'START TRANSACTION', 'COMMIT', 'ROLLBACK', 'begin work'],
};

describe('a statement creates', () => {
  for (const [state, texts] of Object.entries(CREATES)) {
    for (const sql of texts) {
      it(`${state}: ${sql}`, () => expect(readStatement(sql).creates).to.deep.equal([state]));
    }
  }

  for (const sql of CREATES_NOTHING) {
    it(`nothing: ${sql}`, () => expect(readStatement(sql).creates).to.deep.equal([]));
  }

  it('several things at once', () => {
    const creates = (sql: string): readonly string[] => readStatement(sql).creates;
    expect(creates("SET @a = 1, sql_mode = ''")).to.have.members([
      'user variables',
      'session variables',
    ]);
    expect(creates('USE shop; CREATE TEMPORARY TABLE t (id INT)')).to.have.members([
      'the default database',
      'temporary tables',
    ]);
  });

  it('each thing once', () => {
    expect(readStatement('SET @a = 1, @b = 2; SET @c = 3').creates).to.deep.equal([
      'user variables',
    ]);
  });
});

describe('a statement drops', () => {
  for (const [state, texts] of Object.entries(DROPS)) {
    for (const sql of texts) {
      it(`${state}: ${sql}`, () => expect(readStatement(sql).drops).to.deep.equal([state]));
    }
  }

  for (const sql of ['SELECT 1', "SELECT 'UNLOCK TABLES'", 'SELECT begin FROM t', 'SET @a = 1']) {
    it(`nothing: ${sql}`, () => expect(readStatement(sql).drops).to.deep.equal([]));
  }
});
