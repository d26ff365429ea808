import { expect } from 'chai';
import type { Check, Expectation } from '../fault.ts';
import type { Outcome, Step } from '../orders.ts';
import type { Trial } from '../trial.ts';
import { all, allFail, failuresOf, query } from './expectations.ts';
import { insert } from './pool-checks.ts';

/** How a transaction is opened and undone. */
interface Manner {
  readonly title: string;
  readonly begin: Step;
  readonly rollback: Step;
}

const MANNERS: readonly Manner[] = [
  { title: 'in a transaction', begin: { do: 'begin' }, rollback: { do: 'rollback' } },
  { title: 'after a raw BEGIN', begin: query('BEGIN'), rollback: query('ROLLBACK') },
];

/** The holder is told once and clearly what he lost; where connections do not move, by the driver. */
const toldOnce: Expectation = ({ candidate, outcomes }) => {
  expect(Object.keys(failuresOf(outcomes)), 'failures').to.have.length(1);
  if (candidate.subject.supports.held !== 'moves') return;
  const { code, message } = outcomes[0]?.error ?? {};
  expect(code).to.equal('LIFEGUARD_TRANSACTION_LOST');
  expect(message).to.match(/transaction/i);
};

const nothingHalfStored: Expectation = async (trial) => {
  expect(failuresOf(trial.later), 'failures afterwards').to.deep.equal({});
  expect(await trial.stored(), 'rows').to.deep.equal([3]);
};

/** A whole transaction, which must work however the one before it ended. */
const again = (trial: Trial): Step[] => [{ do: 'begin' }, insert(trial, 3), { do: 'commit' }];

function lostTransaction({ title, begin, rollback }: Manner): Check {
  return {
    title: `held connection, ${title}`,
    suits: ({ supports }) => supports.held !== 'none',
    async prepare(trial) {
      await trial.createTable();
      await trial.open({ connections: 1, connectionLimit: 3 });
    },
    hold: (trial) => trial.hold(begin, insert(trial, 1)),
    plan: (trial) => ({ on: trial.held, steps: [insert(trial, 2)] }),
    afterwards: (trial) => {
      if (!trial.candidate.guarded) return [];
      const moves = trial.candidate.subject.supports.held === 'moves';
      return moves ? goOn(trial, rollback) : startAnew(trial, rollback);
    },
    bare: allFail,
    guarded: all(toldOnce, nothingHalfStored),
  };
}

/** The same held connection works again once the transaction is rolled back. */
async function goOn(trial: Trial, rollback: Step): Promise<readonly Outcome[]> {
  const steps = [rollback, ...again(trial), { do: 'release' } as const];
  const outcomes = await trial.run(steps, trial.held);
  return [...outcomes, ...(await trial.run([query('SELECT 1')]))];
}

/** The holder lets the dead connection go, and another one works. */
async function startAnew(trial: Trial, rollback: Step): Promise<readonly Outcome[]> {
  await trial.run([rollback], trial.held);
  const released = await trial.run([{ do: 'release' }], trial.held);
  await trial.hold();
  const outcomes = await trial.run([...again(trial), { do: 'release' }], trial.held);
  return [...released, ...outcomes];
}

/** Transactions whose connection goes stale halfway. */
export function transactionChecks(): Check[] {
  return MANNERS.map(lostTransaction);
}
