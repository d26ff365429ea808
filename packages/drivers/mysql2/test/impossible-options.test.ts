import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { EventEmitter } from 'node:events';
import { guard, LifeguardError, type LifeguardOptions } from '../src/index.ts';
import { askOne } from './support/calls.ts';
import { drop } from './support/same.ts';

const DURATIONS = [
  ...['maxLifetime', 'idleTimeout', 'aliveBypassWindow', 'pingAfter', 'pingIdleAfter'],
  ...['validationTimeout', 'connectionTimeout'],
];

const NO_DURATIONS: readonly unknown[] = [
  ...[-1, NaN, -Infinity, '', '  ', '10 apples', 'soon', '-5s', null, true, {}, [], () => 5],
  'x'.repeat(200),
];

/** Values that an option cannot have, and what the message says is allowed. */
const NONSENSE: readonly (readonly [option: string, value: unknown, allowed: string])[] = [
  ...DURATIONS.flatMap((option) =>
    NO_DURATIONS.map((value) => [option, value, '"30s" or "10m"'] as const),
  ),
  ['validationTimeout', 0, 'from 1 ms'],
  ['connectionTimeout', 0, 'from 1 ms'],
  ['connectionTimeout', '30d', '2147483647'],
  ['validationTimeout', '20s', '10000'],
  ['enabled', 'yes', '"observe"'],
  ['enabled', 1, '"observe"'],
  ['strict', 'true', 'true or false'],
  ['poolName', '', 'not empty'],
  ['poolName', 5, 'not empty'],
  ['logger', true, 'warn(message)'],
  ['logger', { log() {} }, 'warn(message)'],
  ['on', 'opened', 'functions'],
  ['on', { opened: 5 }, 'functions'],
  ['on', { openned() {} }, 'opened'],
  ['maxLifeTime', '10m', 'did you mean "maxLifetime"'],
  ['timeout', 5, 'idleTimeout'],
];

/** Things that are no pool of mysql2. */
const NO_POOLS: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  null: null,
  'a number': 5,
  'a text': 'mysql://root@127.0.0.1/test',
  'an empty object': {},
  'an array': [],
  'a function': () => {},
  'an emitter': new EventEmitter(),
  'a pool of another kind': { getConnection() {}, releaseConnection() {}, end() {}, pool: {} },
  'the options of a pool': { host: '127.0.0.1', connectionLimit: 5 },
  'a pool of the package mysql': {
    ...{ getConnection() {}, releaseConnection() {}, end() {} },
    ...{ config: { connectionConfig: {} }, _allConnections: [], _freeConnections: [] },
    _connectionQueue: [],
  },
};

describe('guard() given', () => {
  let pool: Pool;
  before(() => (pool = createPool({ host: '127.0.0.1', port: 1 })));
  after(() => drop(pool));

  for (const option of new Set(NONSENSE.map(([name]) => name))) {
    it(`a nonsensical ${option} says which option, which value, and what is allowed`, () => {
      const before = Reflect.ownKeys(pool);
      for (const [, value, allowed] of NONSENSE.filter(([name]) => name === option)) {
        const error = thrownBy(() => guard(pool, { [option]: value }));
        expect(error, JSON.stringify(value)).to.be.instanceOf(LifeguardError);
        expect(error?.code).to.equal('LIFEGUARD_INVALID_OPTION');
        expect(error?.message).to.include(`"${option}"`).and.include(allowed);
        expect(error?.message.length).to.be.lessThan(300);
      }
      expect(Reflect.ownKeys(pool)).to.deep.equal(before);
    });
  }

  for (const options of [null, 5, 'on', true, [], () => {}]) {
    it(`${typeof options} ${JSON.stringify(options)} for options says so`, () => {
      const error = thrownBy(() => guard(pool, options as LifeguardOptions));
      expect(error?.code).to.equal('LIFEGUARD_INVALID_OPTION');
      expect(error?.message).to.include('an object');
    });
  }

  it('an environment that makes no sense says so', () => {
    process.env['LIFEGUARD'] = 'maybe';
    try {
      const error = thrownBy(() => guard(pool));
      expect(error?.code).to.equal('LIFEGUARD_INVALID_OPTION');
      expect(error?.message).to.include('LIFEGUARD is "maybe"').and.include('"observe"');
    } finally {
      delete process.env['LIFEGUARD'];
    }
  });

  for (const [what, target] of Object.entries(NO_POOLS)) {
    it(`${what} for a pool says what it takes`, () => {
      const error = thrownBy(() => guard(target as object));
      expect(error).to.be.instanceOf(LifeguardError);
      expect(error?.code).to.equal('LIFEGUARD_UNSUPPORTED');
      expect(error?.message).to.include('createPool()').and.include('mysql2');
    });
  }

  eachServer((server) => {
    it('nonsense leaves the pool as useful as it was', async () => {
      const useful = createPool({ ...server().connectionOptions(), connectionLimit: 1 });
      try {
        for (const [option, value] of NONSENSE) {
          thrownBy(() => guard(useful, { [option]: value }));
        }
        expect(await askOne(useful, 'SELECT 1')).to.equal(1);
        const handle = guard(useful, { maxLifetime: '5m' });
        expect(await askOne(useful, 'SELECT 2')).to.equal(2);
        expect(handle.stats()).to.include({ borrows: 1, mode: 'on' });
      } finally {
        drop(useful);
      }
    });
  });
});

function thrownBy(run: () => unknown): LifeguardError | undefined {
  try {
    run();
  } catch (error) {
    return error as LifeguardError;
  }
  return undefined;
}
