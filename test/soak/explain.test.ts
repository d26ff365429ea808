import { expect } from 'chai';
import type { FailedStep } from './application/outcome.ts';
import { explain } from './explain.ts';
import { Incidents, type Effect } from './incidents.ts';

type Happened = readonly [effect: Effect, from: number, to: number];

/** What happened, by a clock that a step takes from 1000 to 2000. */
function after(...all: readonly Happened[]): Incidents {
  const incidents = new Incidents();
  for (const [effect, from, to] of all) {
    incidents.all.push({ fault: 'a fault', effects: [effect], from, to, aftermathMs: 100 });
  }
  return incidents;
}

const LOST = { name: 'QueryFailedError', message: '', code: 'ECONNRESET', errno: undefined };
const failure = { ...LOST, lifeguard: undefined, executed: 'unknown', repeatable: false } as const;

const step = (
  kind: FailedStep['kind'],
  more: Partial<FailedStep['failure']> = {},
  since = 1_000,
): FailedStep => ({
  orm: 'typeorm',
  kind,
  since,
  from: 1_000,
  to: 2_000,
  failure: { ...failure, ...more },
});

describe('a failure in the soak is explained', () => {
  it('by a cut while it was under way, and by none before or after', () => {
    expect(explain(step('read'), after(['severs', 1_500, 1_500]))).to.be.a('string');
    expect(explain(step('read'), after(['severs', 800, 850]))).to.equal(undefined);
    expect(explain(step('read'), after(['severs', 2_100, 2_200]))).to.equal(undefined);
    expect(explain(step('read'), after())).to.equal(undefined);
  });

  it('not by what only takes idle connections: those must not be lent', () => {
    expect(explain(step('read'), after(['severs idle', 500, 1_500]))).to.equal(undefined);
  });

  it('not by a single cut where the statement should have run again', () => {
    const unexecuted = step('write', { executed: 'no', repeatable: true });
    const cut: Happened = ['severs', 1_500, 1_500];
    expect(explain(unexecuted, after(cut, cut))).to.equal(undefined);
    expect(explain(unexecuted, after(cut, cut, cut))).to.be.a('string');
  });

  it('by a cut since the transaction or the session began, if it says that these are lost', () => {
    const lost = { lifeguard: 'LIFEGUARD_SESSION_LOST' };
    expect(explain(step('session', lost, 500), after(['severs idle', 600, 700]))).to.be.a('string');
    expect(explain(step('session', lost), after(['severs', 600, 700]))).to.equal(undefined);
    expect(explain(step('read', lost), after(['severs', 1_500, 1_500]))).to.equal(undefined);
  });

  it('by an outage that left no time for a connection', () => {
    const timeout = { lifeguard: 'LIFEGUARD_CONNECTION_TIMEOUT' };
    expect(explain(step('read', timeout), after(['outage', 0, 2_000]))).to.equal(undefined);
    expect(explain(step('read', timeout), after(['outage', -8_000, 2_000]))).to.be.a('string');
    const inTheDriversWords = { code: 'P2010', errno: 45028, executed: undefined };
    expect(explain(step('read', inTheDriversWords), after(['severs', 0, 2_000]))).to.equal(
      undefined,
    );
  });

  it('by a read-only server within a transaction, and nowhere else', () => {
    const refused = { errno: 1290, executed: 'no', repeatable: true } as const;
    const readOnly = after(['read-only', 1_200, 1_300]);
    expect(explain(step('transaction', refused), readOnly)).to.be.a('string');
    expect(explain(step('write', refused), readOnly)).to.equal(undefined);
  });

  it('by nothing, if it hung, or was answered wrongly, or is none of those that faults cause', () => {
    const cut = after(['severs', 1_500, 1_500]);
    for (const name of ['Hung', 'WrongAnswer']) {
      expect(explain(step('read', { name }), cut), name).to.equal(undefined);
    }
    expect(explain(step('other'), cut)).to.equal(undefined);
    const mistake = { name: 'TypeError', code: undefined, executed: undefined };
    expect(explain(step('read', mistake), cut)).to.equal(undefined);
  });
});
