import { expect } from 'chai';
import { beginsTransaction, isRollback, mayEndTransaction, rollsBack } from '../src/statements.ts';

/** A predicate over SQL texts, with those for which it holds and those for which it does not. */
interface Table {
  readonly test: (sql: string) => boolean;
  readonly holds: readonly string[];
  readonly fails: readonly string[];
}

const TABLES: Record<string, Table> = {
  'a statement that only rolls back': {
    test: isRollback,
    holds: ['ROLLBACK', 'rollback;', ' ROLLBACK WORK ', '/* app */ ROLLBACK -- bye'],
    fails: [
      ...['ROLLBACK TO SAVEPOINT a', 'ROLLBACK TO a', 'ROLLBACK WORK TO SAVEPOINT a', 'SELECT 1'],
      ...['ROLLBACK; SELECT 1', 'SELECT 1; ROLLBACK', "SELECT 'ROLLBACK'", 'COMMIT', ''],
      'SELECT rollback FROM t',
    ],
  },
  'a statement that rolls back, be it to a savepoint': {
    test: rollsBack,
    holds: [
      ...['ROLLBACK', 'ROLLBACK WORK', 'ROLLBACK TO a', 'rollback work to savepoint a'],
      '/* app */ ROLLBACK TO a',
    ],
    fails: ['SAVEPOINT a', "SELECT 'ROLLBACK TO a'", 'ROLLBACK; BEGIN', 'SELECT 1; ROLLBACK', ''],
  },
  'a text that leaves a transaction open': {
    test: beginsTransaction,
    holds: [
      ...['BEGIN', 'begin work', 'START TRANSACTION', 'START TRANSACTION READ ONLY'],
      ...["XA START 'a'", "xa begin 'a'", 'BEGIN; SELECT 1', '/* app */ BEGIN; SELECT 1'],
      ...['SET NAMES utf8mb4; BEGIN; SELECT 1', 'COMMIT; BEGIN; SELECT 1'],
    ],
    fails: ['SELECT 1', 'START REPLICA', "SELECT 'BEGIN'", 'SELECT 1 -- BEGIN', ''],
  },
  'a text that may end a transaction by storing it': {
    test: mayEndTransaction,
    holds: [
      ...['COMMIT', 'commit and chain', 'BEGIN', 'START TRANSACTION', 'CREATE TABLE t (id INT)'],
      ...['SET autocommit = 1', 'CALL p()', 'TRUNCATE t', 'XA COMMIT 1', 'SELECT 1; COMMIT'],
      '/* app */ COMMIT',
    ],
    fails: [
      ...['SELECT 1', '(SELECT 1)', 'INSERT INTO t VALUES (1)', 'update t set a = 1', 'DO 1'],
      ...['DELETE FROM t', 'REPLACE INTO t VALUES (1)', 'WITH a AS (SELECT 1) SELECT * FROM a'],
      ...['ROLLBACK', 'SAVEPOINT a', 'RELEASE SAVEPOINT a', 'SHOW TABLES', 'EXPLAIN SELECT 1'],
      ...["SELECT 'COMMIT'", 'SELECT 1 -- COMMIT', 'SELECT 1; SELECT 2', '/* COMMIT */', ''],
    ],
  },
};

for (const [what, { test, holds, fails }] of Object.entries(TABLES)) {
  describe(what, () => {
    for (const sql of holds) it(sql, () => expect(test(sql)).to.equal(true));
    for (const sql of fails) it(`is not ${sql}`, () => expect(test(sql)).to.equal(false));
  });
}

describe('no text at all', () => {
  it('rolls back nothing', () => expect(isRollback(undefined)).to.equal(false));
});
