import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  all,
  allHang,
  atLeastFail,
  eachHasItsAnswer,
  nothingFails,
  numbers,
  query,
  read,
} from '../checks/expectations.ts';
import { heldReads } from '../checks/held-checks.ts';
import { reads } from '../checks/pool-checks.ts';
import type { Check, Expectation, Fault, Scene } from '../fault.ts';
import { armAll } from '../strikes.ts';

const QUICK = { pingAfter: 200, aliveBypassWindow: 100, validationTimeout: 600 };
/** The defaults that matter here. */
const DEFAULT = { pingAfter: 5_000, validationTimeout: 1_000 };

const MOST = 10;
const AT_ONCE = 50;
/** How long a bare query is given before it counts as hanging. */
const BARE_PATIENCE_MS = 700;

/** What all but the validation may take; this is no benchmark. */
const SLACK_MS = 500;

/**
 * No borrow waited for more than one validation and one dial, however many were stale. A validation
 * starts over once where the process itself was late, as it may be on a busy machine.
 */
function oneValidation({ validationTimeout }: typeof DEFAULT): Expectation {
  return ({ outcomes, later }) => {
    const worst = Math.max(...[...outcomes, ...later].map(({ ms }) => ms));
    expect(worst, 'worst query in ms').to.be.below(2 * validationTimeout + SLACK_MS);
  };
}

/** Queries on a pool with connections that are dead and that nobody has closed. */
function dropped(stale: number, count: number): Check {
  return reads(count, {
    title: `${stale} stale, ${count === 1 ? 'one query' : `${count} at once`}`,
    pool: { connections: stale, connectionLimit: MOST, lifeguard: QUICK, proxied: true },
    plan: (trial) => ({
      on: trial.pool,
      steps: numbers(count).map(read),
      ...(!trial.candidate.guarded && { patienceMs: BARE_PATIENCE_MS }),
    }),
    afterwards: (trial) => (trial.candidate.guarded ? trial.run(numbers(MOST).map(read)) : []),
    bare: count === 1 ? allHang : atLeastFail(stale),
    guarded: all(nothingFails, eachHasItsAnswer, oneValidation(QUICK)),
  });
}

/** The same with no option set, armed for when the time is over that they set. */
const droppedByDefault: Check = {
  ...dropped(MOST, AT_ONCE),
  title: `${MOST} stale, ${AT_ONCE} at once, default options`,
  prepare: (trial) => trial.open({ connections: MOST, lifeguard: {}, proxied: true }),
  plan: (trial) => ({
    on: trial.pool,
    steps: numbers(AT_ONCE).map(read),
    from: 'timer',
    afterMs: DEFAULT.pingAfter + 100,
  }),
  bare: undefined,
  guarded: all(nothingFails, eachHasItsAnswer, oneValidation(DEFAULT)),
};

const heldDropped: Check = {
  ...heldReads({
    title: 'held connection, one read',
    suits: ({ supports }) => supports.held === 'moves',
    pool: { connections: 1, connectionLimit: 3, lifeguard: QUICK, proxied: true },
    bare: allHang,
  }),
  plan: (trial) => ({
    on: trial.held,
    steps: [query('SELECT 1')],
    patienceMs: trial.candidate.guarded ? 20_000 : BARE_PATIENCE_MS,
  }),
};

async function drop(scene: Scene): Promise<void> {
  for (const { proxy } of scene.trials) proxy.blackhole('existing');
  const later = scene.trials.filter(({ drill }) => drill === droppedByDefault);
  await armAll({ ...scene, trials: later }, { from: 'timer' }, (candidate, plans) => {
    return candidate.tell('arm', plans);
  });
  // What counts here is the guard's own clock: it must not have heard the server for so long.
  await sleep(QUICK.pingAfter + 50);
}

/** Connections that fall silent and are never closed: a route is gone, or a firewall drops them. */
export const silentDrop: Fault = {
  title: 'idle connections silently dropped for longer than pingAfter',
  essential: true,
  inTurn: true,
  checks: [
    ...[1, 4, MOST].flatMap((stale) => [dropped(stale, 1), dropped(stale, AT_ONCE)]),
    heldDropped,
    droppedByDefault,
  ],
  strike: drop,
};
