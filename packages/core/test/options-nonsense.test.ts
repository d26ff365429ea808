import { expect } from 'chai';
import { show } from '../src/duration.ts';
import { LifeguardError } from '../src/errors.ts';
import { readOptions } from '../src/read-options.ts';

/** Reads what the compiler would not let through. */
const read = (options: unknown): unknown => readOptions(options as never, {});

const DURATIONS = [
  'maxLifetime',
  'idleTimeout',
  'aliveBypassWindow',
  'pingAfter',
  'pingIdleAfter',
  'validationTimeout',
  'connectionTimeout',
  'keepaliveTime',
];
const NO_DURATION = [
  ...[NaN, Infinity, -Infinity, -1, Number.MAX_SAFE_INTEGER * 2, '', ' ', 'abc', '10 lightyears'],
  ...['-1s', true, false, null, {}, [], [1], () => 1, 1n, Symbol('1')],
];
const NOTHING = [null, 0, 1, NaN, '', 'abc', {}, [], () => true, 1n, Symbol('1')];
const NO_TIMER = [0, '0s', 2 ** 31, '25d'];

const NONSENSE: Record<string, readonly unknown[]> = {
  ...Object.fromEntries(DURATIONS.map((name) => [name, NO_DURATION])),
  enabled: [...NOTHING, 'on', 'true', 'OBSERVE'],
  retry: [...NOTHING, true, 'READS', 'writes', 'false'],
  strict: [...NOTHING, 'true'],
  keepHeld: [...NOTHING, 'true'],
  minimumIdle: [null, NaN, -1, 1.5, Infinity, '', '1', true, {}, [1], () => 1, 1n, Symbol('1')],
  poolName: [null, 0, '', true, {}, ['a'], () => 'a', Symbol('a')],
  logger: [null, true, 0, 'console', {}, [], { warn: 1 }, { error() {} }],
  on: [null, true, 0, 'closed', [], { closed: 1 }, { closed: null }, { colsed() {} }],
};

describe('an option that makes no sense', () => {
  for (const [name, values] of Object.entries(NONSENSE)) {
    for (const value of values) {
      it(`is refused: ${name}: ${show(value)}`, () => {
        expect(() => read({ [name]: value }))
          .to.throw(LifeguardError, `Option "${name}" is ${show(value)}; allowed: `)
          .with.property('code', 'LIFEGUARD_INVALID_OPTION');
      });
    }
  }

  for (const name of ['validationTimeout', 'connectionTimeout']) {
    for (const value of NO_TIMER) {
      it(`is refused: ${name}: ${value}, which no timer can hold`, () => {
        expect(() => read({ [name]: value })).to.throw(/from 1 ms to 2147483647 ms\.$/);
      });
    }
  }

  it('is to keep what is held alive, and nothing alive', () => {
    expect(() => read({ keepHeld: true, keepaliveTime: 0 })).to.throw(
      LifeguardError,
      'Option "keepHeld" is true while "keepaliveTime" is 0, which keeps nothing alive; allowed: true',
    );
  });

  it('is told together with what is allowed', () => {
    const message = (options: unknown): string => {
      try {
        return String(read(options));
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(message({ enabled: 'on' })).to.match(/is "on"; allowed: true, false or "observe"\.$/);
    expect(message({ retry: true })).to.match(
      /is true; allowed: "unexecuted", "reads" or false\.$/,
    );
    expect(message({ strict: 1 })).to.match(/is 1; allowed: true or false\.$/);
    expect(message({ poolName: '' })).to.match(/is ""; allowed: a text that is not empty\.$/);
    expect(message({ logger: {} })).to.match(
      /an object with a function warn\(message\), or false\.$/,
    );
    expect(message({ on: { colsed() {} } })).to.match(/functions by event name: .*\bclosed\b/);
  });

  it('never has its contents shown', () => {
    const secret = { password: 'hunter2', toString: () => 'hunter2' };
    for (const name of Object.keys(NONSENSE)) {
      expect(() => read({ [name]: secret }))
        .to.throw(LifeguardError)
        .and.satisfy((error: Error) => !error.message.includes('hunter2'));
    }
  });
});

describe('an unknown option', () => {
  it('is refused, with all that are known', () => {
    expect(() => read({ maxAge: 5 }))
      .to.throw('Unknown option "maxAge". Allowed: maxLifetime, idleTimeout, aliveBypassWindow, ')
      .with.property('code', 'LIFEGUARD_INVALID_OPTION');
  });

  it('is refused even when it is undefined', () => {
    expect(() => read({ maxAge: undefined })).to.throw(/Unknown option "maxAge"/);
  });

  for (const [given, meant] of [
    ['maxlifetime', 'maxLifetime'],
    ['POOLNAME', 'poolName'],
    ['ON', 'on'],
  ]) {
    it(`is refused with a hint: ${given}`, () => {
      expect(() => read({ [given as string]: 5 })).to.throw(
        `Unknown option "${given}"; did you mean "${meant}"? Allowed: `,
      );
    });
  }

  for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
    it(`is refused though every object has it: ${name}`, () => {
      const options: unknown = JSON.parse(`{ ${JSON.stringify(name)}: 1 }`);
      expect(() => read(options)).to.throw(`Unknown option "${name}"`);
    });
  }
});

describe('options that are no object', () => {
  for (const options of [null, true, 0, 'on', [], () => {}, 5n]) {
    it(`are refused: ${show(options)}`, () => {
      expect(() => read(options)).to.throw(`options are ${show(options)}; allowed: an object.`);
    });
  }
});
