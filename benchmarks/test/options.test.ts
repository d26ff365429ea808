import { expect } from 'chai';
import { readOptions, UsageError } from '../src/options.ts';

describe('the options of the benchmark', () => {
  it('measure everything in many short pairs unless told otherwise', () => {
    expect(readOptions([])).to.deep.equal({
      kinds: ['micro', 'load', 'rest'],
      servers: ['mariadb', 'mysql'],
      pairs: 61,
      seconds: 0.1,
      json: undefined,
    });
  });

  it('choose one kind and one server', () => {
    const { kinds, servers } = readOptions(['--only', 'load', '--server', 'mysql']);
    expect(kinds).to.deep.equal(['load']);
    expect(servers).to.deep.equal(['mysql']);
  });

  const refused: readonly (readonly [args: readonly string[], message: string])[] = [
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
