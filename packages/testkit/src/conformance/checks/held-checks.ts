import { expect } from 'chai';
import type { Check, Expectation } from '../fault.ts';
import type { Outcome, Step } from '../orders.ts';
import type { Subject } from '../subject.ts';
import type { PoolOptions, Trial } from '../trial.ts';
import { all, allFail, atLeastFail, failuresOf, nothingFails, query } from './expectations.ts';
import { insert } from './pool-checks.ts';

const holds = ({ supports }: Subject): boolean => supports.held !== 'none';
const moves = ({ supports }: Subject): boolean => supports.held === 'moves';

/** Where a held connection moves, its holder sees nothing; elsewhere each use tells him the truth. */
const asSupported: Expectation = (trial) =>
  moves(trial.candidate.subject) ? nothingFails(trial) : allFail(trial);

/** Whatever happened, the holder can let go, and the pool serves the next one. */
const releaseWorks: Expectation = async (trial) => {
  expect(failuresOf(trial.later), 'failures at the release and after it').to.deep.equal({});
  expect((await trial.stats())?.lent, 'connections that nobody gave back').to.equal(0);
};

async function release(trial: Trial): Promise<readonly Outcome[]> {
  if (!trial.candidate.guarded) return [];
  const released = await trial.run([{ do: 'release' }], trial.held);
  return [...released, ...(await trial.run([query('SELECT 1')]))];
}

/** A connection is held, goes stale, and is used in some way. */
function held(
  title: string,
  steps: (trial: Trial) => readonly Step[],
  rest: Partial<Check> & { atOnce?: boolean; pool?: PoolOptions | undefined } = {},
): Check {
  const { atOnce = false, pool = {}, ...others } = rest;
  return {
    title: `held connection, ${title}`,
    suits: holds,
    async prepare(trial) {
      await trial.createTable();
      // One more in the pool, which goes stale beside it.
      await trial.open({ connections: 1, connectionLimit: 3, ...pool });
    },
    hold: (trial) => trial.hold(),
    plan: (trial) => ({ on: trial.held, steps: steps(trial), inTurn: !atOnce }),
    afterwards: release,
    bare: allFail,
    guarded: all(asSupported, releaseWorks),
    ...others,
  };
}

/** Three reads, one after the other. */
export function heldReads(rest: Parameters<typeof held>[2] = {}): Check {
  return held('three reads', () => [1, 2, 3].map(() => query('SELECT 1')), rest);
}

/** Two statements of the same moment, which must stay on one connection. */
function heldPair(): Check {
  const connectionId = query('SELECT CONNECTION_ID() AS id');
  return held('two reads at once', () => [connectionId, connectionId], {
    atOnce: true,
    guarded: all(asSupported, releaseWorks, ({ outcomes }) => {
      const ids = outcomes.map(({ rows }) => (rows as { id: unknown }[] | undefined)?.[0]?.id);
      expect(ids[0], 'the connection of the second').to.equal(ids[1]);
    }),
  });
}

function heldStream(): Check {
  const sql = 'SELECT 1 AS value UNION ALL SELECT 2 UNION ALL SELECT 3';
  return held('a stream', () => [{ do: 'stream', sql }], {
    suits: (subject) => holds(subject) && subject.supports.streams,
    // The driver's own stream may neither end nor fail.
    plan: (trial) => ({ on: trial.held, steps: [{ do: 'stream', sql }], patienceMs: 1_500 }),
    bare: atLeastFail(1),
    guarded: all(asSupported, releaseWorks, ({ candidate, outcomes }) => {
      const rows = (outcomes[0]?.rows ?? []) as { value: unknown }[];
      const values = moves(candidate.subject) ? [1, 2, 3] : [];
      expect(rows.map(({ value }) => Number(value))).to.deep.equal(values);
    }),
  });
}

function heldTransaction(): Check {
  const steps = (trial: Trial): Step[] => [{ do: 'begin' }, insert(trial, 7), { do: 'commit' }];
  return held('a whole transaction', steps, {
    guarded: all(asSupported, releaseWorks, async (trial) => {
      expect(await trial.stored(), 'rows').to.deep.equal(moves(trial.candidate.subject) ? [7] : []);
    }),
  });
}

/** All that is done with a held connection that went stale outside of a transaction. */
export function heldChecks(): Check[] {
  return [heldReads(), heldPair(), heldStream(), heldTransaction()];
}
