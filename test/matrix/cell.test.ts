import type { Outcome, Trial } from '@pool-lifeguard/testkit/conformance';
import { HANGING } from '@pool-lifeguard/testkit/conformance';
import { expect } from 'chai';
import { tally, wrongs, type Tally } from './cell.ts';
import type { Row } from './row.ts';
import { drill, later } from './workload.ts';

const row: Row = {
  drill: drill('a fault'),
  story: 'nothing',
  mishap: () => Promise.resolve(),
};

/** A trial in which all went well, but for what is said of single statements by their place. */
function trialWith(stored: (well: number[]) => number[], bad: Record<number, Outcome> = {}): Trial {
  const trial = { table: 't', pool: 'p', stored: () => Promise.resolve(stored(values)) };
  const [met, after] = [row.drill.plan(trial as Trial).steps, later(trial as Trial)];
  const values = [...met, ...after]
    .filter(({ sql }) => sql?.startsWith('INSERT'))
    .map(({ params }) => Number(params?.[0]));
  const well = ({ params }: (typeof met)[0]): Outcome => {
    return { ok: true, ms: 5, rows: [{ value: params?.[0] }] };
  };
  const outcomes = met.map((step, index) => bad[index] ?? well(step));
  return Object.assign(trial as Trial, { outcomes, later: after.map(well) });
}

const found = async (trial: Trial): Promise<string[]> => wrongs(await tally(trial, row), row);

const failed = (code: string): Outcome => {
  return { ok: false, ms: 70, error: { name: 'Error', message: 'no', code } };
};

describe('a cell of the matrix', () => {
  it('holds where all went well', async () => {
    expect(await found(trialWith((well) => well))).to.deep.equal([]);
  });

  it('tells a doubled row and a lost one', async () => {
    const trial = trialWith(([first = 0, , ...rest]) => [first, first, ...rest]);
    const wrong = ['1 rows doubled', '1 acknowledged rows lost'];
    expect(await found(trial)).to.deep.equal(wrong);
  });

  it('tells failures, hangs and the longest of all', async () => {
    const trial = trialWith((well) => well, { 0: failed('ECONNRESET'), 2: failed(HANGING) });
    const wrong = ['2 failed although they need not', '1 statements hang'];
    expect(await found(trial)).to.deep.equal(wrong);
    const { worstMs }: Tally = await tally(trial, row);
    expect(worstMs).to.equal(70);
  });

  it("takes another question's answer for a failure", async () => {
    const trial = trialWith((well) => well, { 4: { ok: true, ms: 1, rows: [{ value: 6 }] } });
    expect(await found(trial)).to.deep.equal(['1 failed although they need not']);
  });

  it('may fail, but not hang, where failing is right', async () => {
    const trial = trialWith((well) => well, { 0: failed('ECONNRESET'), 2: failed(HANGING) });
    const lenient: Row = { ...row, mayFail: 'it is right' };
    const wrong = wrongs(await tally(trial, lenient), lenient);
    expect(wrong).to.deep.equal(['1 statements hang']);
  });
});
