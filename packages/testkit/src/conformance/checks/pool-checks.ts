import { expect } from 'chai';
import type { Check } from '../fault.ts';
import type { Step } from '../orders.ts';
import type { PoolOptions, Trial } from '../trial.ts';
import { all, atLeastFail, eachHasItsAnswer, nothingFails, numbers, read } from './expectations.ts';

/** Fewer than wait for them, so that some are lent twice. */
const CONNECTIONS = 10;
const AT_ONCE = 50;

/** A check that a fault may call by another name, or expect something else of. */
export type Variation = Partial<Check> & { readonly pool?: PoolOptions };

/** Reads at once, from a pool whose connections have all gone stale. */
export function reads(count: number, { pool, ...variation }: Variation = {}): Check {
  return {
    title: count === 1 ? 'one query' : `${count} reads at once`,
    prepare: (trial) => trial.open({ connections: count === 1 ? 4 : CONNECTIONS, ...pool }),
    plan: (trial) => ({ on: trial.pool, steps: numbers(count).map(read) }),
    bare: atLeastFail(1),
    guarded: all(nothingFails, eachHasItsAnswer),
    ...variation,
  };
}

/** Writes at once, into a table that would take a row twice. */
function writes({ pool, ...variation }: Variation = {}): Check {
  return {
    title: `${AT_ONCE} writes at once`,
    async prepare(trial) {
      await trial.createTable();
      await trial.open({ connections: CONNECTIONS, ...pool });
    },
    plan: (trial) => ({
      on: trial.pool,
      steps: numbers(AT_ONCE).map((value) => insert(trial, value)),
    }),
    bare: atLeastFail(1),
    guarded: all(nothingFails, async (trial) => {
      expect(await trial.stored(), 'rows').to.deep.equal(numbers(AT_ONCE));
    }),
    ...variation,
  };
}

/** What all faults but the finest are checked with. */
export function poolChecks(variation: Variation = {}): Check[] {
  return [reads(1, variation), reads(AT_ONCE, variation), writes(variation)];
}

/** Stores one value. */
export function insert(trial: Trial, value: number): Step {
  return { do: 'query', sql: `INSERT INTO ${trial.table} (value) VALUES (?)`, params: [value] };
}
