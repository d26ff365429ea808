import { expect } from 'chai';
import { CONTESTANTS, live, type Contestant, type Day, type Outcome } from '../src/fleet/day.ts';
import { goals, recovery, steadyState } from '../src/fleet/goals.ts';
import { pageOf } from '../src/fleet/page.ts';
import { most, sum } from '../src/fleet/dial-log.ts';

const DAY: Day = {
  instances: 10,
  poolSize: 20,
  seconds: 3_600,
  outage: { from: 2_400, to: 2_460 },
  failoverAt: 3_000,
  seed: 20,
};

describe('a simulated fleet', function () {
  this.timeout(60_000);
  const outcomes = new Map<Contestant, Outcome>();
  const outcomeOf = (contestant: Contestant): Outcome => {
    const outcome = outcomes.get(contestant);
    if (!outcome) throw new Error(`No ${contestant} has lived.`);
    return outcome;
  };

  before(async () => {
    for (const contestant of CONTESTANTS) outcomes.set(contestant, await live(DAY, contestant));
  });

  it('opens every pool at its deploy', () => {
    for (const { log } of outcomes.values()) {
      expect(log.dials[0]).to.equal(200);
      expect(log.open[0]).to.equal(200);
    }
  });

  it('never has more sessions than the server allows', () => {
    for (const { server } of outcomes.values()) expect(server.mostOpen).to.be.at.most(200);
  });

  it('has at most one session more than its pool, while the server says goodbye to another one', () => {
    expect(outcomeOf('lifeguard').server.mostOfOne).to.be.at.most(DAY.poolSize + 1);
  });

  it('dials at most four times a second for what no borrower waits for, also after an outage', () => {
    const { log } = outcomeOf('lifeguard');
    const span = { from: DAY.outage.from, to: recovery(DAY).to };
    expect(log.mostUnawaitedOfOne(span)).to.be.within(1, 4);
    expect(log.mostUnawaitedOfOne({ from: DAY.failoverAt, to: DAY.seconds })).to.be.within(1, 4);
  });

  it('has all that its load needs again after an outage and after a failover', () => {
    const { log } = outcomeOf('lifeguard');
    expect(log.open[DAY.outage.from + 30]).to.equal(0);
    // Ten are needed at once on average, and what was not used for ten minutes is not missed.
    expect(log.open[DAY.outage.to + 60]).to.be.at.least(150);
    expect(log.open[DAY.failoverAt + 60]).to.be.at.least(150);
  });

  it('dials less in an outage than one that dials again each second', () => {
    const { outage } = DAY;
    const guarded = sum(outcomeOf('lifeguard').log.dials, outage);
    expect(guarded).to.be.below(sum(outcomeOf('naive').log.dials, outage) / 2);
  });

  it('does not reconnect in step when its lifetimes end, unless without jitter', () => {
    const ends = { from: 1, to: DAY.outage.from };
    expect(most(outcomeOf('no jitter').log.dials, ends)).to.be.above(100);
    expect(most(outcomeOf('lifeguard').log.dials, ends)).to.be.below(20);
  });

  it('lives the same day each time', async () => {
    const again = await live(DAY, 'lifeguard');
    const { log, events } = outcomeOf('lifeguard');
    expect(again.events).to.equal(events);
    expect([...again.log.dials]).to.deep.equal([...log.dials]);
  });

  it('is told of in a page that names each goal that is not met', () => {
    const all = [...outcomes.values()];
    const page = pageOf(DAY, all);
    for (const { title, isMet, found } of goals(DAY, outcomeOf('lifeguard'))) {
      expect(page).to.include(found);
      expect(page.includes(`**Not met:** ${title}`)).to.equal(!isMet);
    }
    expect(page).to.not.match(/NaN|undefined/);
  });

  it('has its steady state before the outage, and before its load is sampled more often', () => {
    expect(steadyState(DAY)).to.deep.equal({ from: 1_200, to: 2_340 });
    const long = { ...DAY, outage: { from: 43_200, to: 43_500 } };
    expect(steadyState(long)).to.deep.equal({ from: 21_600, to: 43_140 });
  });
});
