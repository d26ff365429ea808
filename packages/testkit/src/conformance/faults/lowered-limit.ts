import { expect } from 'chai';
import { waitUntil } from '../../tools/wait-until.ts';
import { nothingFails, numbers, query, read } from '../checks/expectations.ts';
import { poolChecks } from '../checks/pool-checks.ts';
import type { Check, Fault, Scene } from '../fault.ts';
import type { Outcome } from '../orders.ts';
import { closedByServer, killed, whileFrozen } from '../strikes.ts';
import type { Trial } from '../trial.ts';

// Longer than a busy machine lets an application wait between two steps. The server's clock has a
// grain of a second.
const LIMIT_S = 4;
/** When a connection is past the guard's own limit, which lies half a second below the server's. */
const UNUSED_MS = 3_600;

/** How many the pool has when the limit is lowered; one more comes after it. */
const OLD = 2;

function lower({ server }: Scene): Promise<void> {
  return server.setGlobal('wait_timeout', LIMIT_S);
}

/**
 * Leaves the new connection unused until it is past the limit that the guard has read. The server
 * is told to be patient, so that it is no race between the two.
 */
async function outlast(trial: Trial): Promise<readonly Outcome[]> {
  const { candidate, pool } = trial;
  const followed = async (): Promise<boolean> =>
    (await trial.stats())?.waitTimeoutMs === LIMIT_S * 1_000;
  await waitUntil(followed, { what: 'the reading of the new limit' });
  const patience = query('SET SESSION wait_timeout = 28800 + SLEEP(0.2)');
  await candidate.tell('run', { on: pool, steps: numbers(OLD + 1).map(() => patience) });
  const steps = numbers(OLD + 1).map(read);
  await candidate.tell('arm', [{ on: pool, steps, from: 'timer', afterMs: UNUSED_MS }]);
  return (await candidate.tell('collect', pool)).outcomes;
}

const following: Check = {
  title: 'a new connection is closed before the server does it',
  prepare: (trial) => trial.open({ connections: OLD, connectionLimit: OLD + 1, lifeguard: {} }),
  plan: (trial) => ({
    on: trial.pool,
    steps: numbers(OLD + 1).map(() => query('SELECT SLEEP(0.2)')),
  }),
  afterwards: outlast,
  async guarded(trial) {
    await nothingFails(trial);
    const { closed } = (await trial.stats()) ?? {};
    expect(closed).to.deep.equal({ 'idle-timeout': 1 });
  },
};

/** An administrator lowers the limit while applications run. */
export const loweredLimit: readonly Fault[] = [
  {
    title: 'wait_timeout lowered while running',
    checks: [following],
    strike: lower,
  },
  {
    title: 'wait_timeout lowered while running, and then passed in a frozen process',
    checks: poolChecks(),
    async strike(scene) {
      await lower(scene);
      // All old connections go, and new ones come under the new limit.
      await killed(scene);
      await Promise.all(scene.candidates.map((candidate) => candidate.tell('refresh')));
      await whileFrozen(closedByServer)(scene);
    },
  },
];
