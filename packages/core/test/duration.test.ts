import { expect } from 'chai';
import { show, toMs } from '../src/duration.ts';
import { LifeguardError } from '../src/errors.ts';

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

describe('a duration', () => {
  for (const [given, ms] of [
    [0, 0],
    [1, 1],
    [0.5, 0.5],
    [1_500, 1_500],
    ['250', 250],
    ['250ms', 250],
    ['30s', 30_000],
    ['30 s', 30_000],
    ['10m', 600_000],
    ['10 minutes', 600_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['0', 0],
  ] as const) {
    it(`${JSON.stringify(given)} is ${ms} ms`, () => {
      expect(toMs('pingAfter', given, 0, NO_LIMIT)).to.equal(ms);
    });
  }

  for (const nonsense of [
    ...['', '  ', 'abc', '10x', 's', '-1s', 'NaN', 'Infinity', '1'.repeat(200), '10m 30s'],
    ...[NaN, Infinity, -Infinity, -1, -0.001, NO_LIMIT * 2],
    ...[null, undefined, true, false, {}, [], [5], () => 5, 5n, Symbol('5'), new Date(5)],
  ]) {
    it(`${show(nonsense)} is none`, () => {
      expect(() => toMs('pingAfter', nonsense, 0, NO_LIMIT))
        .to.throw(LifeguardError)
        .with.property('code', 'LIFEGUARD_INVALID_OPTION');
    });
  }

  it('stays within its bounds, which belong to it', () => {
    expect(toMs('x', 1, 1, 10)).to.equal(1);
    expect(toMs('x', '10', 1, 10)).to.equal(10);
    expect(() => toMs('x', 0, 1, 10)).to.throw();
    expect(() => toMs('x', 10.5, 1, 10)).to.throw();
  });

  it('that is none is told with option, value and what is allowed', () => {
    expect(() => toMs('pingAfter', 'soon', 1, 5_000)).to.throw(
      'Option "pingAfter" is "soon"; allowed: a number of milliseconds or a text such as ' +
        '"30s" or "10m", from 1 ms to 5000 ms.',
    );
    expect(() => toMs('pingAfter', -1, 0, NO_LIMIT)).to.throw(/is -1; .* from 0 ms to no limit\.$/);
  });
});

describe('a value in a message', () => {
  for (const [value, shown] of [
    ['a "b"', '"a \\"b\\""'],
    ['x'.repeat(100), `"${'x'.repeat(60)}"`],
    [{ password: 'secret' }, 'an object'],
    [['secret'], 'an array'],
    [() => 'secret', 'a function'],
    [Map, 'a function'],
    [null, 'null'],
    [undefined, 'undefined'],
    [NaN, 'NaN'],
    [12n, '12'],
    [Symbol('s'), 'Symbol(s)'],
  ] as const) {
    it(`reads ${shown}`, () => expect(show(value)).to.equal(shown));
  }
});
