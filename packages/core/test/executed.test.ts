import { expect } from 'chai';
import { executedOf, type Reach } from '../src/executed.ts';
import type { DriverError, Executed, Failure } from '../src/failures.ts';
import { driverError } from './support/fake-connection.ts';

const INSERT = 'INSERT INTO t VALUES (1)';
const lost: Failure = { scope: 'connection', executed: 'unknown', why: 'reset' };
const closed: Failure = { scope: 'connection', executed: 'no', why: 'closed before' };
const readOnly: Failure = { scope: 'generation', executed: 'no', why: 'read-only' };
const shutDown: Failure = { scope: 'generation', executed: 'unknown', why: 'shutting down' };

const failedRead = driverError('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' });
const failedWrite = driverError('write EPIPE', { code: 'EPIPE', syscall: 'write' });

interface Case {
  readonly failure?: Failure;
  readonly error?: DriverError;
  readonly sql?: string;
  readonly reach?: Reach;
  readonly heardNothing?: boolean;
  readonly wasIdle?: boolean;
}

function executed(facts: Case): Executed {
  const { failure = lost, error = failedRead, sql = INSERT, reach = 'alone' } = facts;
  const { heardNothing = true, wasIdle = false } = facts;
  return executedOf(failure, error, { sql, reach }, { heardNothing, wasIdle });
}

describe('a statement that was lost with its connection', () => {
  it('may have run', () => {
    expect(executed({})).to.equal('unknown');
    expect(executed({ reach: 'among others' })).to.equal('unknown');
    expect(executed({ failure: shutDown })).to.equal('unknown');
  });

  for (const failure of [lost, closed, readOnly, shutDown]) {
    it(`did not run where it was never sent, whatever the error: ${failure.why}`, () => {
      const heard = { reach: 'unsent', heardNothing: false, sql: 'CALL p()' } as const;
      expect(executed({ ...heard, failure })).to.equal('no');
    });

    it(`may have run where it is a part of something larger: ${failure.why}`, () => {
      const part = { failure, reach: 'as a part', error: failedWrite } as const;
      expect(executed(part)).to.equal('unknown');
    });
  }

  it('did not run where the error says so', () => {
    expect(executed({ failure: closed, reach: 'among others' })).to.equal('no');
    expect(executed({ failure: closed, heardNothing: false, sql: 'CALL p()' })).to.equal('no');
  });
});

const WRITES: readonly [facts: Partial<DriverError>, meaning: Executed][] = [
  [{ code: 'EPIPE', syscall: 'write' }, 'no'],
  [{ code: 'ECONNRESET', syscall: 'write' }, 'no'],
  // Node's own refusal makes no system call.
  [{ code: 'EPIPE' }, 'no'],
  [{ code: 'ECONNRESET', syscall: 'read' }, 'unknown'],
  [{ code: 'EPIPE', syscall: 'read' }, 'unknown'],
  [{ code: 'EPIPE', syscall: 'shutdown' }, 'unknown'],
  [{ code: 'ETIMEDOUT', syscall: 'write' }, 'unknown'],
  [{ code: 'ECONNRESET' }, 'unknown'],
  [{ syscall: 'write' }, 'unknown'],
  [{ code: 'PROTOCOL_CONNECTION_LOST', fatal: true }, 'unknown'],
  [{}, 'unknown'],
];

describe('a write that failed', () => {
  for (const [facts, meaning] of WRITES) {
    it(`means executed: ${meaning} with ${JSON.stringify(facts)}`, () => {
      expect(executed({ error: driverError('failed', facts) })).to.equal(meaning);
    });
  }

  it('proves nothing where the server said something', () => {
    expect(executed({ error: failedWrite, heardNothing: false })).to.equal('unknown');
  });

  it('proves nothing where it may have been the write of another statement', () => {
    expect(executed({ error: failedWrite, reach: 'among others' })).to.equal('unknown');
  });
});

const WHOLE = [
  ...[INSERT, `${INSERT};`, ` \n${INSERT}`, 'insert ignore into t (a) values (1), (2)'],
  ...['UPDATE t SET a = 1', 'DELETE FROM t', "REPLACE INTO t VALUES ('a; CALL p()')"],
  ...['CREATE TABLE t (a INT)', 'ALTER TABLE t ADD b INT', 'DROP TABLE t', 'TRUNCATE t'],
  ...['RENAME TABLE t TO u', 'OPTIMIZE TABLE t', 'ANALYZE TABLE t', 'GRANT ALL ON t TO u'],
  ...['REVOKE ALL ON t FROM u', 'BEGIN', 'BEGIN;', 'BEGIN WORK', 'START TRANSACTION READ WRITE'],
  ...['/* a; b */ DELETE FROM t', '-- a\nUPDATE t SET a = 1', '/*!40101 INSERT INTO t */'],
  ...['INSERT INTO t VALUES (1) -- ; CALL p()', 'INSERT INTO `a;b` VALUES (1)'],
];

const NOT_WHOLE = [
  ...[`${INSERT}; ${INSERT}`, `${INSERT}; SELECT 1`, `SELECT 1; ${INSERT}`, 'CALL p()', ''],
  ...["EXECUTE IMMEDIATE 'INSERT INTO t VALUES (1)'", 'EXECUTE s', 'DO f()', 'SELECT f()'],
  ...['LOAD DATA INFILE x INTO TABLE t', 'COMMIT', 'BEGIN NOT ATOMIC CALL p()', 'SET @a = f()'],
  ...['BEGIN NOT ATOMIC INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); END', 'inserted'],
  ...[`/*!40101 ${INSERT}; CALL p() */`, 'CREATE PROCEDURE p() BEGIN DELETE FROM t; END'],
  ...['SET STATEMENT max_statement_time = 1 FOR CALL p()', '-- INSERT\nCALL p()', '; ;'],
  ...['WITH c AS (SELECT 1) SELECT f() FROM c', 'XA START x', 'x INSERT INTO t', '`INSERT`'],
];

describe('a statement that a read-only server refused', () => {
  const refused = (sql: string, reach: Reach = 'alone'): Executed =>
    executed({ failure: readOnly, sql, reach, heardNothing: false });

  for (const sql of WHOLE) {
    it(`has done nothing: ${sql}`, () => expect(refused(sql)).to.equal('no'));
  }

  for (const sql of NOT_WHOLE) {
    it(`may have done a part: ${sql}`, () => expect(refused(sql)).to.equal('unknown'));
  }

  it('has done nothing also where it was one of several', () => {
    expect(refused(INSERT, 'among others')).to.equal('no');
  });
});

describe('a number that only an idle session is given', () => {
  const failure: Failure = { ...lost, executed: 'no', afterIdling: true };

  it('proves something where the session was idle, and nothing where somebody raised it', () => {
    expect(executed({ failure, wasIdle: true })).to.equal('no');
    expect(executed({ failure })).to.equal('unknown');
  });
});
