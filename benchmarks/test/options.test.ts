import { expect } from 'chai';
import { ENOUGH_PAIRS, KINDS, readOptions, UsageError } from '../src/options.ts';

describe('the options of the benchmark', () => {
  it('measure everything, often enough, unless told otherwise', () => {
    const { pairs, ...others } = readOptions([]);
    expect(others).to.deep.equal({
      kinds: ['micro', 'load', 'rest', 'freeze', 'drop', 'peers'],
      servers: ['mariadb', 'mysql'],
      subject: undefined,
      seconds: 0.1,
      json: undefined,
      write: false,
    });
    for (const kind of KINDS) expect(pairs[kind], kind).to.be.at.least(ENOUGH_PAIRS);
  });

  it('choose one kind and one server', () => {
    const { kinds, servers } = readOptions(['--only', 'load', '--server', 'mysql']);
    expect(kinds).to.deep.equal(['load']);
    expect(servers).to.deep.equal(['mysql']);
  });

  it('set the pairs of every kind', () => {
    const { pairs } = readOptions(['--pairs', '9']);
    for (const kind of KINDS) expect(pairs[kind], kind).to.equal(9);
  });

  it('write the page on demand', () => {
    expect(readOptions(['--only', 'rest', '--write']).write).to.equal(true);
  });

  const refused: readonly (readonly [args: readonly string[], message: string])[] = [
    [['--only', 'macro'], '--only is "macro"; allowed: micro or load or rest or freeze or drop'],
    [['--server', 'postgres'], '--server is "postgres"; allowed: mariadb or mysql.'],
    [['--pairs', '0'], '--pairs is "0"; allowed: a whole number from 1 to 1000.'],
    [['--pairs', '2.5'], '--pairs is "2.5"; allowed: a whole number from 1 to 1000.'],
    [['--seconds', 'long'], '--seconds is "long"; allowed: a number of seconds from 0.01 to 600.'],
    [['--json', '/nowhere/at/all.json'], '--json is "/nowhere/at/all.json"; allowed: a file in'],
    [['--pears', '7'], '--pears'],
    [['micro'], 'micro'],
  ];
  for (const [args, message] of refused) {
    it(`refuse ${args.join(' ')}`, () => {
      expect(() => readOptions(args)).to.throw(UsageError, message);
    });
  }
});
