import { expect } from 'chai';
import { LeaseSession } from '../src/lease-session.ts';

const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;

function after(...statements: string[]): readonly string[] {
  const session = new LeaseSession();
  for (const sql of statements) session.sent(sql);
  return session.state;
}

describe('the state of a lease', () => {
  it('is nothing at first, and after ordinary statements', () => {
    expect(after()).to.deep.equal([]);
    expect(after('SELECT 1', 'INSERT INTO t VALUES (1)')).to.deep.equal([]);
  });

  it('is all that was created, each named once', () => {
    expect(after('SET @a = 1', 'USE shop', 'SET @b = 2')).to.deep.equal([
      'user variables',
      'the default database',
    ]);
  });

  it('is given up by what drops it', () => {
    expect(after('LOCK TABLES t WRITE', 'UNLOCK TABLES')).to.deep.equal([]);
    expect(after('UNLOCK TABLES', 'LOCK TABLES t WRITE')).to.deep.equal(['table locks']);
    expect(after("SELECT GET_LOCK('a', 1)", 'SELECT RELEASE_ALL_LOCKS()')).to.deep.equal([]);
  });

  it('holds the settings of the next transaction until that begins', () => {
    const settings = 'SET TRANSACTION READ ONLY';
    expect(after(settings)).to.deep.equal(['the transaction settings']);
    expect(after(settings, 'START TRANSACTION')).to.deep.equal([]);
  });

  it('ends with the lease', () => {
    const session = new LeaseSession();
    session.sent('SET @a = 1');
    expect(session.state).to.have.length(1);
    session.end();
    expect(session.state).to.deep.equal([]);
  });

  it('ends with the lease also where nobody had asked for it', () => {
    const session = new LeaseSession();
    session.sent('SET @a = 1');
    session.end();
    expect(session.state).to.deep.equal([]);
  });

  it('can be asked for again and again', () => {
    const session = new LeaseSession();
    session.sent('SET @a = 1');
    expect(session.state).to.deep.equal(session.state);
    session.sent('USE shop');
    expect(session.state).to.deep.equal(['user variables', 'the default database']);
  });

  it('does not depend on how many statements came before anybody asked', () => {
    const many = Array.from({ length: 1_000 }, () => 'SELECT 1');
    expect(after('SET @a = 1', ...many, 'USE shop')).to.have.length(2);
  });

  it('does not depend on how long they are', () => {
    const long = `INSERT INTO t VALUES ('${'a'.repeat(2 << 20)}')`;
    expect(after('SET @a = 1', long, long, 'USE shop')).to.have.length(2);
  });
});

describe('the transaction of a lease', () => {
  it('is open when the server says so', () => {
    const session = new LeaseSession();
    expect(session.inTransaction).to.equal(false);
    session.answered(AUTOCOMMIT | IN_TRANSACTION);
    expect(session.inTransaction).to.equal(true);
    session.answered(AUTOCOMMIT);
    expect(session.inTransaction).to.equal(false);
  });

  it('stays as it was when the server shows no status: a result set', () => {
    const session = new LeaseSession();
    session.answered(undefined);
    expect(session.inTransaction).to.equal(false);
    session.answered(AUTOCOMMIT | IN_TRANSACTION);
    session.answered(undefined);
    expect(session.inTransaction).to.equal(true);
  });

  it('is opened by any result set without autocommit', () => {
    const session = new LeaseSession();
    session.answered(0);
    expect(session.inTransaction).to.equal(false);
    session.answered(undefined);
    expect(session.inTransaction).to.equal(true);
    session.answered(0);
    expect(session.inTransaction).to.equal(false);
  });

  it('is opened by a text that begins with its begin and ends with a result set', () => {
    const session = new LeaseSession();
    session.sent('BEGIN; SELECT 1');
    session.answered(undefined);
    expect(session.inTransaction).to.equal(true);
  });

  it('is not opened by a statement that the server refused', () => {
    const session = new LeaseSession();
    session.sent('BEGIN; SELEKT 1');
    session.sent('SELECT 1');
    session.refused('BEGIN; SELEKT 1');
    session.answered(undefined);
    expect(session.inTransaction).to.equal(false);
  });

  it('ends when the session begins anew', () => {
    const session = new LeaseSession();
    session.answered(IN_TRANSACTION);
    session.sent('SET @a = 1');
    session.restarted();
    session.answered(undefined);
    expect(session.inTransaction).to.equal(false);
    expect(session.state).to.deep.equal([]);
    session.restarted('another user');
    expect(session.state).to.deep.equal(['another user']);
  });

  it('outlives the lease: the server would tell if it had ended', () => {
    const session = new LeaseSession();
    session.answered(AUTOCOMMIT | IN_TRANSACTION);
    session.end();
    expect(session.inTransaction).to.equal(true);
  });
});

describe('an end of the transaction', () => {
  const unanswered = (...statements: string[]): boolean => {
    const session = new LeaseSession();
    for (const sql of statements) session.sent(sql);
    return session.mayHaveCommitted;
  };

  it('may have come while a COMMIT is not answered', () => {
    expect(unanswered('COMMIT')).to.equal(true);
    expect(unanswered('INSERT INTO t VALUES (1)', 'COMMIT')).to.equal(true);
  });

  it('has not come with what keeps a transaction open', () => {
    expect(unanswered()).to.equal(false);
    expect(unanswered('INSERT INTO t VALUES (1)', 'SELECT 1')).to.equal(false);
  });

  it('is known once the COMMIT is answered, or refused', () => {
    const session = new LeaseSession();
    session.sent('COMMIT');
    session.sent('COMMIT');
    session.answered(AUTOCOMMIT);
    expect(session.mayHaveCommitted).to.equal(true);
    session.refused('COMMIT');
    expect(session.mayHaveCommitted).to.equal(false);
  });

  it('is not asked for after the lease', () => {
    const session = new LeaseSession();
    session.sent('COMMIT');
    session.end();
    expect(session.mayHaveCommitted).to.equal(false);
  });
});
