import { expect } from 'chai';
import { ConnectionRecord } from '../src/connection-record.ts';
import { LeaseSession } from '../src/lease-session.ts';
import type { LifeguardOptions } from '../src/options.ts';
import { readOptions } from '../src/read-options.ts';
import { marginMs, ServerLimits } from '../src/server-limits.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

function limitsOf(options: LifeguardOptions): { limits: ServerLimits; warnings: string[] } {
  const warnings: string[] = [];
  const policy = readOptions(options, {});
  return { limits: new ServerLimits(policy, (message) => warnings.push(message)), warnings };
}

function recordOf(jitter = 1): ConnectionRecord {
  const peer = { address: 'a:3306', heardAt: 0 };
  const session = new LeaseSession();
  const facts = {
    id: 1,
    peer,
    generation: 0,
    session,
    jitter,
    lifetimeJitter: jitter,
    idleLimitMs: Infinity,
    silenceLimitMs: Infinity,
  } as const;
  return new ConnectionRecord({ ...facts, state: 'idle' }, 5_000, 5_000, Infinity);
}

describe('the margin below the server’s limit', () => {
  for (const [waitTimeout, margin] of [
    [8 * HOUR, 30 * SECOND],
    [300 * SECOND, 30 * SECOND],
    [299 * SECOND, 29.9 * SECOND],
    [60 * SECOND, 6 * SECOND],
    [5 * SECOND, 500],
    [2 * SECOND, 500],
    [1 * SECOND, 500],
    [500, 250],
    [0, 0],
  ] as const) {
    it(`is ${margin} ms of ${waitTimeout} ms`, () =>
      expect(marginMs(waitTimeout)).to.equal(margin));
  }
});

describe('the idle limit', () => {
  it('is the user’s until the server’s is known', () => {
    expect(limitsOf({}).limits.idleLimitMs()).to.equal(Infinity);
    expect(limitsOf({ idleTimeout: '4m' }).limits.idleLimitMs()).to.equal(240_000);
    expect(limitsOf({ idleTimeout: 0 }).limits.idleLimitMs()).to.equal(Infinity);
  });

  it('is none of ours by default: what is kept alive may lie unused', () => {
    expect(limitsOf({}).limits.idleLimitMs(60_000)).to.equal(Infinity);
    expect(limitsOf({ idleTimeout: 0 }).limits.idleLimitMs(60_000)).to.equal(Infinity);
  });

  it('is that of the user where it is shorter', () => {
    expect(limitsOf({ idleTimeout: '20s' }).limits.idleLimitMs(60_000)).to.equal(20_000);
    expect(limitsOf({ idleTimeout: '55s' }).limits.idleLimitMs(60_000)).to.equal(54_000);
  });
});

describe('the limit of silence', () => {
  it('is none until the server’s is known, but the user’s own', () => {
    expect(limitsOf({}).limits.silenceLimitMs()).to.equal(Infinity);
    expect(limitsOf({ idleTimeout: '4m' }).limits.silenceLimitMs()).to.equal(240_000);
    expect(limitsOf({ idleTimeout: 0 }).limits.silenceLimitMs()).to.equal(Infinity);
  });

  it('is the server’s less a margin', () => {
    expect(limitsOf({}).limits.silenceLimitMs(60_000)).to.equal(54_000);
    expect(limitsOf({ idleTimeout: 0 }).limits.silenceLimitMs(60_000)).to.equal(54_000);
  });

  it('is that of the user where it is shorter', () => {
    expect(limitsOf({ idleTimeout: '20s' }).limits.silenceLimitMs(60_000)).to.equal(20_000);
    expect(limitsOf({ idleTimeout: '55s' }).limits.silenceLimitMs(60_000)).to.equal(54_000);
  });

  it('of connections that were not asked follows the newest value', () => {
    const { limits } = limitsOf({});
    limits.learn(recordOf(), 60_000);
    expect(limits.silenceLimitMs()).to.equal(54_000);
    limits.learn(recordOf(), 10_000);
    expect(limits.silenceLimitMs()).to.equal(9_000);
    expect(limits.waitTimeoutMs).to.equal(10_000);
  });
});

describe('the lifetime', () => {
  it('by default has nothing to do with wait_timeout, which limits idle time', () => {
    expect(limitsOf({}).limits.lifetimeMs(60_000)).to.equal(1_800_000);
    expect(limitsOf({ maxLifetime: 0 }).limits.lifetimeMs(60_000)).to.equal(Infinity);
  });

  it('of the user stays below it by the margin', () => {
    expect(limitsOf({ maxLifetime: '1h' }).limits.lifetimeMs(60_000)).to.equal(54_000);
    expect(limitsOf({ maxLifetime: '30s' }).limits.lifetimeMs(60_000)).to.equal(30_000);
    expect(limitsOf({ maxLifetime: '1h' }).limits.lifetimeMs()).to.equal(HOUR);
  });
});

describe('a limit that was read', () => {
  it('counts for its connection, jitter included', () => {
    const record = recordOf(0.9);
    limitsOf({ maxLifetime: '1h' }).limits.learn(record, 60_000);
    expect(record.waitTimeoutMs).to.equal(60_000);
    expect(record.silenceLimitMs).to.be.closeTo(48_600, 1e-6);
    expect(record.retireAt).to.be.closeTo(5_000 + 48_600, 1e-6);
  });

  it('is a reason to warn where the user’s is not below it', () => {
    const { limits, warnings } = limitsOf({ idleTimeout: '2m', maxLifetime: '60s' });
    limits.learn(recordOf(), 60_000);
    const without = 'but the server closes connections after 60000 ms without use';
    expect(warnings).to.deep.equal([
      `Option "maxLifetime" is 60000 ms, ${without} (its wait_timeout); 54000 ms is used instead.`,
      `Option "idleTimeout" is 120000 ms, ${without} (its wait_timeout); 54000 ms is used instead.`,
    ]);
    expect(limits.violation).to.equal(undefined);
  });

  it('is none where the user’s is below it, if only by little', () => {
    const { limits, warnings } = limitsOf({ idleTimeout: 59_999 });
    limits.learn(recordOf(), 60_000);
    expect(warnings).to.deep.equal([]);
  });

  it('is none where the user set no limit', () => {
    for (const options of [{}, { idleTimeout: 'auto' }, { idleTimeout: 0, maxLifetime: 0 }]) {
      const { limits, warnings } = limitsOf(options);
      limits.learn(recordOf(), 1_000);
      expect(warnings).to.deep.equal([]);
    }
  });
});

describe('in strict mode', () => {
  const strict = { strict: true, idleTimeout: '2m' } as const;

  it('a limit that is not below the server’s is a violation', () => {
    const { limits, warnings } = limitsOf(strict);
    limits.learn(recordOf(), 120_000);
    expect(warnings).to.deep.equal([]);
    expect(limits.violation).to.have.property('code', 'LIFEGUARD_LIMIT_ABOVE_SERVER');
    expect(limits.violation!.message).to.match(/"idleTimeout" is 120000 ms.* at most 108000 ms\.$/);
  });

  it('the violation ends when the server’s limit is raised', () => {
    const { limits } = limitsOf(strict);
    limits.learn(recordOf(), 60_000);
    limits.learn(recordOf(), 600_000);
    expect(limits.violation).to.equal(undefined);
  });

  it('the server’s limit must be known before anybody borrows, until it is', () => {
    const { limits } = limitsOf(strict);
    expect(limits.mustBeKnown).to.equal(true);
    limits.learn(recordOf(), 600_000);
    expect(limits.mustBeKnown).to.equal(false);
  });

  it('nothing must be known where the user set no limit', () => {
    expect(limitsOf({ strict: true }).limits.mustBeKnown).to.equal(false);
    expect(limitsOf({ idleTimeout: '2m' }).limits.mustBeKnown).to.equal(false);
  });
});
