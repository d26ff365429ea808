import { expect } from 'chai';
import { show } from '../src/duration.ts';
import { connectionTimeout, LifeguardError } from '../src/errors.ts';
import { anotherCopy } from './support/another-copy.ts';

/** A second copy of the module, as a second installed version would be. */
const otherCopy = await anotherCopy<{ LifeguardError: typeof LifeguardError }>('errors');

const busyPool = { poolName: 'main', waitedMs: 1234.6, busy: 3, validating: 2, opening: 1 };

describe('an error of Lifeguard', () => {
  it('is an Error with a name, a code, a message and a stack', () => {
    const error = new LifeguardError('LIFEGUARD_UNSUPPORTED', 'no pool');
    expect(error).to.be.an.instanceof(Error);
    expect(error).to.include({ name: 'LifeguardError', code: 'LIFEGUARD_UNSUPPORTED' });
    expect(error.message).to.equal('no pool');
    expect(String(error)).to.equal('LifeguardError: no pool');
    expect(error.stack).to.include('errors.test.ts');
  });

  it('carries a cause, if there is one', () => {
    const cause = new Error('connect ECONNREFUSED');
    const error = new LifeguardError('LIFEGUARD_CONNECTION_TIMEOUT', 'late', { cause });
    expect(error.cause).to.equal(cause);
    expect(new LifeguardError('LIFEGUARD_UNSUPPORTED', 'x')).not.to.have.own.property('cause');
  });

  it('is known by every copy of the package', () => {
    expect(otherCopy.LifeguardError).not.to.equal(LifeguardError);
    const error = new LifeguardError('LIFEGUARD_UNSUPPORTED', 'x');
    expect(error).to.be.an.instanceof(otherCopy.LifeguardError);
    const foreign = new otherCopy.LifeguardError('LIFEGUARD_UNSUPPORTED', 'x');
    expect(foreign).to.be.an.instanceof(LifeguardError);
  });

  for (const other of [new Error('x'), {}, [], null, undefined, 'x', 1, () => {}]) {
    it(`is not ${show(other)}`, () => expect(other instanceof LifeguardError).to.equal(false));
  }

  it('shows nothing of its brand to loops and to JSON', () => {
    const error = new LifeguardError('LIFEGUARD_UNSUPPORTED', 'x');
    expect(Object.keys(error)).to.have.members(['name', 'code']);
    expect(JSON.parse(JSON.stringify(error))).to.have.all.keys('name', 'code');
  });
});

describe('the error of a borrow whose deadline passed', () => {
  it('says what the pool was doing', () => {
    const error = connectionTimeout({ ...busyPool, cause: undefined });
    expect(error.code).to.equal('LIFEGUARD_CONNECTION_TIMEOUT');
    expect(error.message).to.equal(
      'No connection of pool "main" within 1235 ms (connectionTimeout): ' +
        '3 lent, 2 being validated, 1 being opened',
    );
    expect(error).not.to.have.own.property('cause');
  });

  it('names the last real error, and carries it', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:3306');
    const error = connectionTimeout({ ...busyPool, cause });
    expect(error.message).to.match(/opened; the last error was: connect ECONNREFUSED 127/);
    expect(error.cause).to.equal(cause);
  });

  it('names the kind of an error that has no message', () => {
    const cause = new AggregateError([]);
    expect(connectionTimeout({ ...busyPool, cause }).message).to.match(/was: AggregateError$/);
  });
});
