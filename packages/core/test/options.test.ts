import { expect } from 'chai';
import type { LifeguardOptions } from '../src/options.ts';
import type { Policy } from '../src/policy.ts';
import { readOptions } from '../src/read-options.ts';

const read = (options?: LifeguardOptions): Policy => readOptions(options, {});
const noop = (): void => {};
const logger = { warn: noop };

/** Every option with values that are good, and what each means. */
const GOOD: [options: LifeguardOptions, meaning: Partial<Policy>][] = [
  [{ enabled: true }, { mode: 'on' }],
  [{ enabled: false }, { mode: 'off' }],
  [{ enabled: 'observe' }, { mode: 'observe' }],
  [{ maxLifetime: '10m' }, { maxLifetimeMs: 600_000, explicitLimits: ['maxLifetime'] }],
  [{ maxLifetime: 1 }, { maxLifetimeMs: 1, explicitLimits: ['maxLifetime'] }],
  [{ maxLifetime: '90d' }, { maxLifetimeMs: 7_776_000_000, explicitLimits: ['maxLifetime'] }],
  [{ maxLifetime: 0 }, { maxLifetimeMs: Infinity, explicitLimits: [] }],
  [{ idleTimeout: 'auto' }, { idleTimeoutMs: 'auto', explicitLimits: [] }],
  [{ keepaliveTime: 'auto' }, { keepaliveTimeMs: 'auto', explicitLimits: [] }],
  [{ keepaliveTime: '30s' }, { keepaliveTimeMs: 30_000, explicitLimits: ['keepaliveTime'] }],
  [{ keepaliveTime: 0 }, { keepaliveTimeMs: Infinity, explicitLimits: [] }],
  [{ keepHeld: true }, { keepHeld: true }],
  [{ minimumIdle: 3 }, { minimumIdle: 3 }],
  [{ idleTimeout: '4m' }, { idleTimeoutMs: 240_000, explicitLimits: ['idleTimeout'] }],
  [{ idleTimeout: 0 }, { idleTimeoutMs: Infinity, explicitLimits: [] }],
  [{ aliveBypassWindow: '1s' }, { aliveBypassMs: 1_000 }],
  [{ aliveBypassWindow: 0 }, { aliveBypassMs: 0 }],
  [{ pingAfter: '2s' }, { pingAfterMs: 2_000 }],
  [{ pingAfter: 0 }, { pingAfterMs: 0, aliveBypassMs: 0 }],
  [{ pingAfter: 200 }, { pingAfterMs: 200, aliveBypassMs: 200 }],
  [{ pingIdleAfter: 300 }, { pingIdleAfterMs: 300, aliveBypassMs: 300 }],
  [
    { pingAfter: 200, aliveBypassWindow: 400 },
    { pingAfterMs: 200, aliveBypassMs: 400 },
  ],
  [{ pingIdleAfter: '5m' }, { pingIdleAfterMs: 300_000 }],
  [{ validationTimeout: 250 }, { validationTimeoutMs: 250 }],
  [{ connectionTimeout: '3s' }, { connectionTimeoutMs: 3_000, limitsWaiting: true }],
  [{ connectionTimeout: 2 ** 31 - 1 }, { connectionTimeoutMs: 2 ** 31 - 1, limitsWaiting: true }],
  [{ retry: 'unexecuted' }, { retry: 'unexecuted' }],
  [{ retry: 'reads' }, { retry: 'reads' }],
  [{ retry: false }, { retry: false }],
  [{ strict: true }, { strict: true }],
  [{ strict: false }, { strict: false }],
  [{ poolName: 'main' }, { poolName: 'main' }],
  [{ logger }, { logger }],
  [{ logger: false }, { logger: false }],
  [{ on: { closed: noop } }, { listeners: { closed: noop } }],
  [{ on: {} }, { listeners: {} }],
];

describe('the options', () => {
  it('have these defaults', () => {
    expect(read()).to.deep.equal({
      mode: 'on',
      maxLifetimeMs: 1_800_000,
      idleTimeoutMs: 'auto',
      aliveBypassMs: 500,
      pingAfterMs: 5_000,
      pingIdleAfterMs: 60_000,
      validationTimeoutMs: 1_000,
      connectionTimeoutMs: 10_000,
      leakDetectionMs: Infinity,
      limitsWaiting: false,
      explicitLimits: [],
      keepaliveTimeMs: 'auto',
      keepHeld: false,
      minimumIdle: 0,
      retry: 'unexecuted',
      strict: false,
      poolName: undefined,
      logger: undefined,
      listeners: {},
    });
  });

  it('have the same defaults when every one of them is undefined', () => {
    const names = ['enabled', 'maxLifetime', 'idleTimeout', 'aliveBypassWindow', 'pingAfter'];
    names.push('pingIdleAfter', 'validationTimeout', 'connectionTimeout', 'strict', 'poolName');
    names.push('logger', 'on', 'retry', 'keepaliveTime', 'keepHeld', 'minimumIdle');
    const all = Object.fromEntries(names.map((name) => [name, undefined]));
    expect(read(all)).to.deep.equal(read());
  });

  for (const [options, meaning] of GOOD) {
    it(`may be ${JSON.stringify(options)}`, () => {
      expect(read(options)).to.deep.equal({ ...read(), ...meaning });
    });
  }

  it('are not changed, and what comes of them cannot be', () => {
    const options = Object.freeze({ idleTimeout: '1m', on: Object.freeze({ closed: noop }) });
    const policy = read(options);
    expect(policy).to.be.frozen;
    expect(policy.explicitLimits).to.be.frozen;
    expect(policy.listeners).to.be.frozen;
  });

  it('are read once: what happens to them later does not matter', () => {
    const on: LifeguardOptions['on'] = {};
    const policy = read({ on });
    on.closed = noop;
    expect(policy.listeners).to.deep.equal({});
  });
});

describe('validationTimeout', () => {
  it('may be as long as connectionTimeout', () => {
    const policy = read({ validationTimeout: '3s', connectionTimeout: '3s' });
    expect(policy.validationTimeoutMs).to.equal(3_000);
  });

  it('is shortened to connectionTimeout when only that was set', () => {
    expect(read({ connectionTimeout: 400 }).validationTimeoutMs).to.equal(400);
  });

  it('must not be longer than connectionTimeout', () => {
    expect(() => read({ validationTimeout: '2s', connectionTimeout: '1s' })).to.throw(
      'Option "validationTimeout" is 2000 ms; allowed: at most "connectionTimeout", ' +
        'which is 1000 ms.',
    );
    expect(() => read({ validationTimeout: 10_001 })).to.throw(/at most "connectionTimeout"/);
  });
});
