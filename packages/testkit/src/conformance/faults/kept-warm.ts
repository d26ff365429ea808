import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { numbers, nothingFails, query } from '../checks/expectations.ts';
import type { Check, Expectation, Fault } from '../fault.ts';
import type { Outcome } from '../orders.ts';
import type { Trial } from '../trial.ts';

// The server's clock has a grain of a second: a limit of 4 s ends a connection after 4 to 5 s.
const LIMIT_S = 4;
const LIMITS = 3;
const CONNECTIONS = 4;

/** As many at once as the pool has connections; they last, so that each needs one. */
const steps = numbers(CONNECTIONS).map(() => query('SELECT CONNECTION_ID() AS id, SLEEP(0.1)'));

/** The server's ids of the connections before the pool lay idle, and what had been opened by then. */
const before = new WeakMap<Trial, { ids: readonly number[]; opened: number | undefined }>();

const idsOf = (outcomes: readonly Outcome[]): number[] =>
  outcomes
    .map(({ rows }) => Number((rows as { id: unknown }[])[0]?.id))
    .toSorted((one, other) => one - other);

/** Nobody waited for a dial: all statements ran on the connections of before. */
const onTheSame: Expectation = async (trial) => {
  await nothingFails(trial);
  const { ids, opened } = before.get(trial) ?? {};
  expect(idsOf(trial.outcomes)).to.deep.equal(ids);
  const stats = await trial.stats();
  expect(stats).to.include({ opened, total: CONNECTIONS });
  expect(stats?.closed).to.deep.equal({});
};

const burst: Check = {
  title: 'a burst of queries',
  async prepare(trial) {
    await trial.open({ connections: CONNECTIONS, lifeguard: { keepaliveTime: 'auto' } });
    const outcomes = await trial.candidate.tell('run', { on: trial.pool, steps });
    before.set(trial, { ids: idsOf(outcomes), opened: (await trial.stats())?.opened });
  },
  plan: (trial) => ({ on: trial.pool, steps }),
  async bare(trial) {
    const known = before.get(trial)?.ids;
    expect(idsOf(trial.outcomes).filter((id) => known?.includes(id))).to.deep.equal([]);
  },
  guarded: onTheSame,
};

/** Nobody uses the pool, for much longer than the server lets a connection be idle. */
export const keptWarm: Fault = {
  title: `idle for ${LIMITS} times wait_timeout`,
  globals: { wait_timeout: LIMIT_S },
  checks: [burst],
  strike: () => sleep((LIMITS * LIMIT_S + 1) * 1_000),
};
