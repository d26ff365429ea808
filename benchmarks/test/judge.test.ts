import { expect } from 'chai';
import type { Goal } from '../src/goals/goals.ts';
import { judge } from '../src/goals/judge.ts';
import type { Figure } from '../src/measuring/figures.ts';

const GOAL: Goal = {
  id: 'example',
  title: 'An example',
  kind: 'micro',
  measure: 'time',
  cases: /^borrow/,
  amount: 'added',
  limit: { atMost: 500 },
};

describe('a goal', () => {
  it('is met when every case is within its limit', () => {
    const judged = judge(GOAL, [figure({ added: 100 }), figure({ added: 500 })]);
    expect(judged).to.deep.include({ met: true, missed: [] });
    expect(judged?.worst.value).to.equal(500);
  });

  it('is not met when one case is not, and names that one', () => {
    const judged = judge(GOAL, [figure({ added: 501, case: 'borrow b' }), figure({ added: 1 })]);
    expect(judged?.met).to.equal(false);
    expect(judged?.missed.map((finding) => finding.case)).to.deep.equal(['borrow b']);
    expect(judged?.worst.case).to.equal('borrow b');
  });

  it('may ask for the least instead of the most', () => {
    const goal: Goal = { ...GOAL, amount: 'ratio', limit: { atLeast: 0.99 } };
    expect(judge(goal, [figure({ ratio: 0.99 })])?.met).to.equal(true);
    const judged = judge(goal, [figure({ ratio: 0.98 }), figure({ ratio: 1.2 })]);
    expect(judged?.met).to.equal(false);
    expect(judged?.worst.value).to.equal(0.98);
  });

  it('may compare the last case with the first, on each server', () => {
    const goal: Goal = { ...GOAL, amount: 'growth', limit: { atMost: 100 } };
    const judged = judge(goal, [
      figure({ added: 100, addedFrom: 90, addedTo: 120 }),
      figure({ added: 900 }),
      figure({ added: 180, addedFrom: 150, addedTo: 210 }),
    ]);
    expect(judged?.worst).to.include({ value: 80, from: 30, to: 120, meets: true, close: true });
  });

  it('is not met by statements that failed, however fast the others were', () => {
    const side = { side: 'guarded', median: 1, failures: ['gone'] };
    expect(judge(GOAL, [figure({ added: 1, side })])?.met).to.equal(false);
  });

  it('is not met where nothing was answered', () => {
    const judged = judge(GOAL, [figure({ added: NaN }), figure({ added: 700 })]);
    expect(judged?.met).to.equal(false);
    expect(judged?.worst.value).to.be.NaN;
  });

  it('is close when the limit lies within the range of the median', () => {
    const range = { addedFrom: 450, addedTo: 550 };
    expect(judge(GOAL, [figure({ added: 480, ...range })])?.worst.close).to.equal(true);
  });

  it('is not judged by other kinds, measures, cases and sides', () => {
    const others = [
      figure({ kind: 'load' }),
      figure({ measure: 'kept' }),
      figure({ case: 'release' }),
      figure({ side: { side: 'guarded, ping always', median: 1, failures: [] } }),
    ];
    expect(judge(GOAL, others)).to.equal(undefined);
  });
});

function figure(given: Partial<Figure>): Figure {
  const { added = 0, ratio = 1 } = given;
  return {
    server: 'a server',
    kind: 'micro',
    case: 'borrow a',
    measure: 'time',
    unit: 'ns',
    base: { side: 'bare', median: 1, failures: [] },
    side: { side: 'guarded', median: 1, failures: [] },
    added,
    addedFrom: added,
    addedTo: added,
    ratio,
    ratioFrom: ratio,
    ratioTo: ratio,
    rounds: [],
    ...given,
  };
}
