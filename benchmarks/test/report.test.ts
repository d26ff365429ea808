import { expect } from 'chai';
import { figuresOf, type Outcome } from '../src/measuring/figures.ts';
import { mermaid } from '../src/report/chart.ts';
import { markdown } from '../src/report/report.ts';
import { table } from '../src/report/table.ts';

const FAILED: Outcome = { failed: 'ECONNRESET' };
const OF = { server: 'a server', kind: 'freeze', case: 'mysql2, frozen past 3 s' };

describe('the report', () => {
  it('tells a failure as such, and not as a time', () => {
    const text = table(figures([{ answer: 1 }, { answer: 1 }], [FAILED, FAILED]));
    expect(text).to.include('| failed 2 of 2: ECONNRESET |');
    expect(text).to.not.include('NaN');
  });

  it('tells the time of the other rounds beside it', () => {
    const text = table(figures([{ answer: 1 }, { answer: 1 }], [FAILED, { answer: 3 }]));
    expect(text).to.include('| 3.000 ms, failed 1 of 2: ECONNRESET |');
    expect(text).to.include('| 3.000 |');
  });

  it('names in the heads what all rows share', () => {
    const [head] = table(figures([{ answer: 1 }], [{ answer: 2 }])).split('\n');
    expect(head?.split('|').map((cell) => cell.trim())).to.include.members(['bare', 'guarded']);
  });

  it('draws charts that begin at zero', () => {
    const chart = mermaid({
      title: 't',
      axis: 'ms',
      labels: ['a', 'b'],
      bars: [1, 2],
      line: [1, 1],
    });
    expect(chart).to.include('x-axis ["a", "b"]');
    expect(chart).to.include('y-axis "ms" 0 --> 2.2');
    expect(chart).to.include('bar [1, 2]').and.to.include('line [1, 1]');
  });

  it('says what it measured, when, on what, and how the goals stand', () => {
    const text = markdown({
      machine: {
        date: '2026-01-02T03:04:05.678Z',
        node: 'v20.0.0',
        system: 'linux x64',
        cpu: 'a processor',
        cores: 2,
        loadAverage: 0.1,
      },
      versions: { mysql2: '3.0.0' },
      pairs: { freeze: 7 },
      seconds: 0.1,
      figures: figures([{ answer: 1 }], [{ answer: 2 }]),
    });
    for (const said of ['2026-01-02 03:04 UTC', '2 × a processor', 'mysql2 3.0.0', 'Rounds: 7.']) {
      expect(text).to.include(said);
    }
    expect(text).to.match(/dial and one statement +\| 2.000 .*\*\*not met\*\*/);
    expect(text).to.not.include('Under load');
  });
});

function figures(bare: readonly Outcome[], guarded: readonly Outcome[]) {
  const sides = [
    { side: 'bare', outcomes: bare },
    { side: 'guarded', outcomes: guarded },
  ];
  return figuresOf(OF, sides);
}
