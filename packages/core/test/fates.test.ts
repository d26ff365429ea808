import { expect } from 'chai';
import { show } from '../src/duration.ts';
import {
  driverErrorOf,
  fateOf,
  noteFate,
  type Fate,
  noteUnserved,
  wasUnserved,
} from '../src/fates.ts';
import { anotherCopy } from './support/another-copy.ts';

const otherCopy = await anotherCopy<{ fateOf: typeof fateOf }>('fates');

function fate(facts: Partial<Fate> = {}): Fate {
  const connection = { id: 1, ageMs: 0, idleMs: 0, silentMs: 0 };
  return { executed: 'no', scope: 'connection', repeatable: true, connection, ...facts };
}

const notRepeatable = (executed: Fate['executed']): Fate => fate({ executed, repeatable: false });

describe('the fate of a statement', () => {
  it('is known by its error', () => {
    const [error, other] = [new Error('a'), new Error('a')];
    const known = fate();
    noteFate(error, known);
    expect(fateOf(error)).to.equal(known);
    expect(fateOf(other)).to.equal(undefined);
  });

  it('is known by what an ORM made of its error', () => {
    const driverError = new Error('a');
    const known = fate();
    noteFate(driverError, known);
    expect(fateOf(Object.assign(new Error('failed'), { driverError }))).to.equal(known);
    expect(fateOf({ driverError })).to.equal(known);
  });

  it('is known to all copies of the package', () => {
    const error = new Error('a');
    const known = fate();
    noteFate(error, known);
    expect(otherCopy.fateOf).not.to.equal(fateOf);
    expect(otherCopy.fateOf(error)).to.equal(known);
  });

  for (const nothing of [undefined, null, 0, '', 'lost', true, Symbol('lost'), 1n, () => 1, {}]) {
    it(`is not known of ${show(nothing)}`, () => expect(fateOf(nothing)).to.equal(undefined));
  }
});

describe('an error that is shared by several statements', () => {
  const fateAfter = (...fates: Fate[]): Fate | undefined => {
    const error = new Error('lost');
    for (const each of fates) noteFate(error, each);
    return fateOf(error);
  };

  it('tells the same of all where the server ran none of them', () => {
    expect(fateAfter(fate(), fate())).to.deep.equal(fate());
  });

  it('may not be repeated for any of them where one may have run, whichever that is', () => {
    const [may, mayNot] = [fate(), notRepeatable('unknown')];
    expect(fateAfter(may, mayNot)).to.deep.equal(mayNot);
    expect(fateAfter(mayNot, may)).to.deep.equal(mayNot);
    expect(fateAfter(may, mayNot, may)).to.deep.equal(mayNot);
  });

  it('may not be repeated for any of them where the last one may not', () => {
    expect(fateAfter(fate(), notRepeatable('no'))).to.deep.equal(notRepeatable('no'));
  });
});

describe('the error of the driver', () => {
  it('is what an ORM put into its own', () => {
    const driverError = new Error('lost');
    expect(driverErrorOf({ driverError })).to.equal(driverError);
  });

  it('is the error itself where there is none in it', () => {
    for (const driverError of [undefined, null, 'lost', 5]) {
      const error = { driverError };
      expect(driverErrorOf(error)).to.equal(error);
    }
    const plain = new Error('lost');
    expect(driverErrorOf(plain)).to.equal(plain);
  });
});

describe('a borrow that got no connection', () => {
  it('is known by its error, also as the cause of another one', () => {
    const error = new Error('Queue limit reached.');
    noteUnserved(error);
    expect(wasUnserved(error)).to.equal(true);
    expect(wasUnserved(new Error('pool timeout', { cause: error }))).to.equal(true);
    expect(wasUnserved(new Error('Queue limit reached.', { cause: 'full' }))).to.equal(false);
  });
});
