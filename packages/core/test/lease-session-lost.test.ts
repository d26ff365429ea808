import { expect } from 'chai';
import { LeaseSession } from '../src/lease-session.ts';

const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;

describe('a session whose statement was lost', () => {
  const lost = (...[sql, executed, ...others]: [string, 'no' | 'unknown', ...string[]]) => {
    const session = new LeaseSession();
    for (const each of [...others, sql]) session.sent(each);
    session.lost(sql, executed);
    return session;
  };

  it('can be replaced where it had neither a transaction nor state', () => {
    expect(new LeaseSession().isReplaceable).to.equal(true);
    expect(lost('SELECT 1', 'unknown').isReplaceable).to.equal(true);
  });

  it('can not be replaced inside a transaction', () => {
    const session = new LeaseSession();
    session.answered(AUTOCOMMIT | IN_TRANSACTION);
    session.sent('SELECT 1');
    session.lost('SELECT 1', 'no');
    expect(session.isReplaceable).to.equal(false);
  });

  it('can not be replaced where it had state', () => {
    const session = new LeaseSession();
    session.sent('SET @a = 1');
    session.answered(AUTOCOMMIT);
    session.sent('SELECT 1');
    session.lost('SELECT 1', 'no');
    expect(session.isReplaceable).to.equal(false);
  });

  it('has no state of a statement that was not executed', () => {
    expect(lost('SET @a = 1', 'no').state).to.deep.equal([]);
    expect(lost('SET @a = 1', 'no').isReplaceable).to.equal(true);
    expect(lost('SET @a = 1', 'unknown').isReplaceable).to.equal(false);
  });

  it('keeps the state of the same statement when that ran before', () => {
    const session = new LeaseSession();
    session.sent('SET @a = 1');
    session.answered(AUTOCOMMIT);
    session.sent('SET @a = 1');
    session.lost('SET @a = 1', 'no');
    expect(session.state).to.deep.equal(['user variables']);
  });

  it('may have committed what it may have executed', () => {
    expect(lost('COMMIT', 'unknown').mayHaveCommitted).to.equal(true);
    expect(lost('COMMIT', 'no').mayHaveCommitted).to.equal(false);
  });

  it('can not be replaced where several statements were under way, whatever comes of them', () => {
    const session = lost('SELECT 2', 'no', 'SELECT 1');
    expect(session.isReplaceable).to.equal(false);
    session.lost('SELECT 1', 'no');
    expect(session.isReplaceable).to.equal(false);
  });

  it('can not be replaced for good then, since others of that moment may still be told', () => {
    const session = lost('SELECT 2', 'no', 'SELECT 1');
    session.end();
    expect(session.isReplaceable).to.equal(false);
  });

  it('can not be replaced where a prepare was lost behind another statement', () => {
    const session = new LeaseSession();
    session.sent('BEGIN');
    session.lost('UPDATE t SET a = 1', 'no');
    expect(session.isReplaceable).to.equal(false);
  });

  it('keeps the state of what ran before when only its next prepare was lost', () => {
    const session = new LeaseSession();
    session.sent('CALL p()');
    session.answered(AUTOCOMMIT);
    session.lost('CALL p()', 'no');
    expect(session.state).to.deep.equal(['what a procedure left']);
  });
});

describe('a statement that was refused', () => {
  it('is the first one without an answer, and not a later one of the same text', () => {
    const session = new LeaseSession();
    for (const sql of ['SELECT 1', 'BEGIN; SELECT 1', 'SELECT 1']) session.sent(sql);
    session.refused('SELECT 1');
    session.answered(undefined);
    expect(session.inTransaction).to.equal(true);
  });
});
