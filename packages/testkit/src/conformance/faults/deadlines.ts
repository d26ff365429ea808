import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  all,
  atLeastFail,
  eachHasItsAnswer,
  nothingFails,
  numbers,
  query,
  read,
} from '../checks/expectations.ts';
import { reads } from '../checks/pool-checks.ts';
import type { Variation } from '../checks/pool-checks.ts';
import type { Check, Expectation, Fault, Scene } from '../fault.ts';
import { armAll } from '../strikes.ts';
import type { Trial } from '../trial.ts';

const DEADLINES = {
  aliveBypassWindow: 50,
  pingAfter: 100,
  validationTimeout: 500,
  // Time enough for all that is left to do after the freeze, on a busy machine too.
  connectionTimeout: 4_000,
};
/** Longer than every deadline, the driver's own where one is set included. */
const FROZEN_MS = 4_500;
const CONNECT_TIMEOUT_MS = 1_000;

const WAITING = 50;
const BUSY = 5;

/** They were all still waiting when the process stood still. */
const allWaited: Expectation = ({ outcomes }) => {
  const least = Math.min(...outcomes.map(({ ms }) => ms));
  expect(least, 'shortest wait in ms').to.be.at.least(FROZEN_MS);
};

/** 50 borrows that wait for something which comes while the process is frozen. */
function waiting(title: string, { pool, ...rest }: Variation): Check {
  return reads(WAITING, {
    title: `${WAITING} borrows behind ${title}`,
    pool: { connectionLimit: 10, lifeguard: DEADLINES, proxied: true, ...pool },
    plan: (trial) => ({ on: trial.pool, steps: numbers(WAITING).map(read), from: 'now' }),
    bare: undefined,
    guarded: all(allWaited, nothingFails, eachHasItsAnswer),
    ...rest,
  });
}

/** Behind connections that answer, while the process is frozen, who has borrowed them before. */
function behindBusy(title: string, rest: Variation = {}): Check {
  const busy = query('SELECT SLEEP(0.3)');
  return waiting(title, {
    pool: { connections: BUSY, connectionLimit: BUSY },
    plan: (trial) => ({
      on: trial.pool,
      steps: [...numbers(BUSY).map(() => busy), ...numbers(WAITING).map(read)],
      from: 'now',
    }),
    guarded: all(allWaited, nothingFails),
    ...rest,
  });
}

const failing = waiting('validations that fail', {});
const closing = behindBusy('connections that are closed once they have answered', {
  bare: atLeastFail(1),
});

async function freezeAndMeddle(scene: Scene): Promise<void> {
  const { candidates, trials } = scene;
  const proxiesOf = (check: Check): Trial['proxy'][] =>
    trials.filter((trial) => trial.drill === check).map(({ proxy }) => proxy);
  await sleep(DEADLINES.pingAfter + 50);
  // What is begun is still under way when the process is frozen, however long that takes.
  for (const { proxy } of trials) proxy.hold();
  await armAll(scene, { from: 'now' }, async (candidate, plans) => {
    await candidate.tell('arm', plans);
    await candidate.freeze();
  });
  for (const proxy of proxiesOf(failing)) proxy.reset();
  await Promise.all(trials.map(({ proxy }) => proxy.pass()));
  // The process must stand still for longer than its deadlines, so it is a clock that decides.
  await sleep(FROZEN_MS);
  for (const proxy of proxiesOf(closing)) proxy.close();
  await Promise.all(candidates.map((candidate) => candidate.thaw()));
}

/** The process stands still for longer than every deadline, in the middle of its borrows. */
export const deadlines: Fault = {
  title: 'the process frozen for longer than every deadline',
  checks: [
    waiting('validations', { pool: { connections: 10 } }),
    failing,
    waiting('dials', { pool: { connections: 0 } }),
    waiting('dials that the driver gives up', {
      pool: { connections: 0, login: { connectTimeout: CONNECT_TIMEOUT_MS } },
      bare: atLeastFail(1),
    }),
    behindBusy('busy connections'),
    closing,
  ],
  strike: freezeAndMeddle,
};
