import { expect } from 'chai';
import { nothingFails, numbers, read } from '../checks/expectations.ts';
import type { Check, Fault } from '../fault.ts';
import type { LoadReport, Outcome } from '../orders.ts';
import type { Trial } from '../trial.ts';
import { waitUntil } from '../../tools/wait-until.ts';

const MAX_LIFETIME_MS = 400;
const CONNECTIONS = 4;
/** A bare pool, in which nothing has a lifetime, is watched for so many queries. */
const BARE_QUERIES = 300;

/** What the server saw of a pool under load, and what the load came to. */
interface Rotation extends LoadReport {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const rotations = new WeakMap<Trial, Rotation>();

/** The connections of a trial's pool, as the server knows them. */
async function connectionsOf({ server, candidate }: Trial): Promise<number[]> {
  const rows = await server.processList();
  return rows.filter(({ db }) => db === candidate.database).map(({ id }) => id);
}

/** Loads the pool without pause until none of its connections is one of the first ones. */
async function rotate(trial: Trial): Promise<Outcome[]> {
  const { candidate, pool } = trial;
  const sql = ['SELECT 1', 'SELECT SLEEP(0.005)'];
  await candidate.tell('startLoad', { on: pool, workers: 2 * CONNECTIONS, sql });
  // They may all be too old already, and be replaced at this very moment.
  const before = await waitUntil(
    async () => {
      const ids = await connectionsOf(trial);
      return ids.length > 0 ? ids : undefined;
    },
    { what: 'the first connections' },
  );
  const gone = async (): Promise<boolean> => {
    const ids = await connectionsOf(trial);
    return !ids.some((id) => before.includes(id));
  };
  if (candidate.guarded) await waitUntil(gone, { what: 'the end of the first connections' });
  else await trial.run(numbers(BARE_QUERIES).map(read));
  const report = await candidate.tell('stopLoad', pool);
  rotations.set(trial, { ...report, before, after: await connectionsOf(trial) });
  return [];
}

const rotation: Check = {
  title: 'steady load',
  prepare: (trial) =>
    trial.open({ connections: CONNECTIONS, lifeguard: { maxLifetime: MAX_LIFETIME_MS } }),
  plan: (trial) => ({ on: trial.pool, steps: [read(0)] }),
  afterwards: rotate,
  bare(trial) {
    const { before, after } = rotations.get(trial) ?? {};
    expect(after).to.deep.equal(before);
  },
  async guarded(trial) {
    await nothingFails(trial);
    const { before, after, failures, queries } = rotations.get(trial) ?? {};
    expect(after?.filter((id) => before?.includes(id))).to.deep.equal([]);
    expect(failures).to.deep.equal([]);
    expect(queries).to.be.above(0);
    const { closed } = (await trial.stats()) ?? {};
    expect(closed?.['lifetime']).to.be.at.least(CONNECTIONS);
  },
};

/** Connections that grow old while they are needed. */
export const lifetime: Fault = {
  title: 'connections past maxLifetime',
  checks: [rotation],
  strike: () => Promise.resolve(),
};
