import { expect } from 'chai';
import { figuresOf, type Figure, type Outcome } from '../src/measuring/figures.ts';

describe('the figures of a case', () => {
  it('are medians over the rounds, and of the rounds’ own differences and ratios', () => {
    const [figure] = figures([10, 20, 40], [12, 22, 80]);
    expect(figure).to.include({ measure: 'time', unit: 'ns', added: 2, ratio: 1.2 });
    expect(figure?.base).to.deep.equal({ side: 'bare', median: 20, failures: [] });
    expect(figure?.side).to.deep.equal({ side: 'guarded', median: 22, failures: [] });
    expect(figure).to.include({ ratioFrom: 1.1, ratioTo: 2, addedFrom: 2, addedTo: 40 });
  });

  it('take no time from a round that failed, and tell why it did', () => {
    const [figure] = figures([10, 20, 40], [12, { failed: 'ECONNRESET' }, 80]);
    expect(figure?.side.median).to.equal(46);
    expect(figure?.side.failures).to.deep.equal(['ECONNRESET']);
    expect(figure?.ratio).to.equal(1.6);
  });

  it('are there for a side that always failed', () => {
    const [figure] = figures([10, 20], [{ failed: 'gone' }, { failed: 'gone' }]);
    expect(figure?.side.median).to.be.NaN;
    expect(figure?.ratio).to.be.NaN;
  });
});

function figures(bare: readonly (number | Outcome)[], guarded: readonly (number | Outcome)[]) {
  const outcomes = (all: readonly (number | Outcome)[]): Outcome[] =>
    all.map((one) => (typeof one === 'number' ? { time: one } : one));
  const of = { server: 'a server', kind: 'micro', case: 'a case' };
  const sides = [
    { side: 'bare', outcomes: outcomes(bare) },
    { side: 'guarded', outcomes: outcomes(guarded) },
  ];
  return figuresOf(of, sides) satisfies Figure[];
}
