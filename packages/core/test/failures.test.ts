import { expect } from 'chai';
import { classify, type Failure, type FailureTable } from '../src/failures.ts';
import { driverError } from './support/fake-connection.ts';

const failure = (why: string): Failure => ({ scope: 'connection', executed: 'no', why });

const table: FailureTable = {
  byErrno: { 4031: failure('number') },
  byCode: { ECONNRESET: failure('code') },
  special: (error) => (error.message === 'special' ? failure('special') : undefined),
};

const why = (message: string, facts: object = {}, rows = table): string =>
  classify(rows, driverError(message, facts)).why;

describe('an error', () => {
  it('means what the row of its number says', () => {
    expect(why('gone', { errno: 4031 })).to.equal('number');
  });

  it('means what the row of its code says', () => {
    expect(why('gone', { code: 'ECONNRESET' })).to.equal('code');
  });

  it('with both is read by its number: drivers label numbers by tables of their own', () => {
    expect(why('gone', { errno: 4031, code: 'ECONNRESET' })).to.equal('number');
  });

  it('with an unknown number is read by its code', () => {
    expect(why('gone', { errno: -104, code: 'ECONNRESET' })).to.equal('code');
  });

  it('is asked for what no table can say first', () => {
    expect(why('special', { errno: 4031, code: 'ECONNRESET' })).to.equal('special');
  });

  it('that nobody knows concerns its statement alone', () => {
    const facts = { errno: 1064, code: 'ER_PARSE_ERROR' };
    const meaning = classify(table, driverError('syntax', facts));
    expect(meaning).to.include({ scope: 'statement', executed: 'unknown' });
    expect(meaning.permanent).to.equal(undefined);
  });

  it('that nobody knows concerns the connection where the driver gave it up', () => {
    const meaning = classify(table, driverError('protocol', { fatal: true }));
    expect(meaning).to.include({ scope: 'connection', executed: 'unknown' });
  });

  it('needs neither number nor code, nor a table with a special case', () => {
    const plain = { byErrno: {}, byCode: {} };
    expect(why('special', {}, plain)).to.equal('an ordinary error of the statement');
  });
});
