import { setTimeout as sleep } from 'node:timers/promises';
import { insert, read } from '@pool-lifeguard/testkit/conformance';
import type { Step, Trial } from '@pool-lifeguard/testkit/conformance';
import type { Row } from '../row.ts';
import { alternating, CONNECTIONS, drill } from '../workload.ts';
import { begin } from './begin.ts';

const pool = { proxied: true };

/** Longer than the default of `pingAfter`: what counts is the guard's own clock. */
const SILENCE_MS = 5_100;
const OUTAGE_MS = 2_000;

/** A lifetime below the age at which the network forgets connections, and for how long it does so. */
const [LIFETIME_MS, FORGOTTEN_AGE_MS, FORGETTING_MS] = [500, 2_500, 4_000];
/** Statements that go on for longer than that. */
const [ONE_BY_ONE, EACH_S] = [180, 0.02];

const HOUR_MS = 3_600_000;
/** Connections count as used a moment ago, and are lent without a look. */
const UNDOUBTED = { aliveBypassWindow: HOUR_MS, pingAfter: HOUR_MS, pingIdleAfter: HOUR_MS };

export const silentDrop: Row = {
  drill: drill('silent drop', { pool }),
  story:
    'Idle connections are dropped without a word, by a firewall or a lost route: nothing is closed, ' +
    'nothing is answered. Statements come five seconds later.',
  async mishap(scene) {
    for (const { proxy } of scene.trials) proxy.blackhole('existing');
    await sleep(SILENCE_MS);
    await begin(scene);
  },
};

export const forgottenFlow: Row = {
  drill: drill('forgotten flow', { pool }),
  story:
    'A NAT or a balancer has forgotten idle connections: nothing is closed, and the next write is ' +
    'answered by RST. Statements come five seconds later.',
  async mishap(scene) {
    for (const { proxy } of scene.trials) proxy.forget('existing');
    await sleep(SILENCE_MS);
    await begin(scene);
  },
};

export const lifetime: Row = {
  drill: drill('lifetime', {
    pool: { ...pool, lifeguard: { maxLifetime: LIFETIME_MS } },
    statements: (trial) =>
      alternating(
        0,
        ONE_BY_ONE,
        (value) => ({ ...read(value), sql: `SELECT ? + SLEEP(${EACH_S}) AS value` }),
        (value) => insert(trial, value),
      ),
    inTurn: true,
  }),
  story:
    `A NAT forgets every connection at the age of ${FORGOTTEN_AGE_MS} ms, however busy it is. ` +
    `Statements come one after the other. \`maxLifetime\` is ${LIFETIME_MS} ms.`,
  async mishap(scene) {
    await begin(scene);
    const seenAt = new Map<string, number>();
    const end = performance.now() + FORGETTING_MS;
    for (let now = performance.now(); now < end; now = performance.now()) {
      for (const trial of scene.trials) forgetOld(trial, seenAt, now);
      await sleep(20);
    }
  },
};

/** None in mid-statement: how long one takes on a busy machine is not for a lifetime to limit. */
function forgetOld({ proxy }: Trial, seenAt: Map<string, number>, now: number): void {
  for (const { id, open, clientPort, latest } of proxy.connections()) {
    const key = `${proxy.port} ${id}`;
    if (!seenAt.has(key)) seenAt.set(key, now);
    const isOld = now - (seenAt.get(key) ?? now) > FORGOTTEN_AGE_MS;
    if (open && isOld && latest === 'server') proxy.forget(clientPort);
  }
}

export const outage: Row = {
  drill: drill('outage', { pool }),
  story:
    `All connections are cut, and new ones refused for ${OUTAGE_MS} ms. Statements come as soon as ` +
    'it begins.',
  async mishap(scene) {
    await Promise.all(scene.trials.map(({ proxy }) => proxy.refuse()));
    for (const { proxy } of scene.trials) proxy.reset();
    await begin(scene);
    await sleep(OUTAGE_MS);
    await Promise.all(scene.trials.map(({ proxy }) => proxy.pass()));
  },
};

/** As many as there are connections, each too long for one packet of the network. */
function long(trial: Trial): Step[] {
  const padded = (step: Step): Step => ({
    ...step,
    sql: `${step.sql} /* ${'x'.repeat(60_000)} */`,
  });
  return alternating(0, CONNECTIONS, read, (value) => insert(trial, value)).map(padded);
}

export const cutStatement: Row = {
  drill: drill('cut in the statement', { pool, statements: long }),
  story: 'Connections are cut (RST) while the bytes of a long statement are on their way.',
  mayFail: 'the client cannot tell how much of its statement has arrived',
  async mishap(scene) {
    for (const { proxy } of scene.trials) proxy.resetAfter('client', 20_000);
    await begin(scene);
  },
};

export const cutAnswer: Row = {
  drill: drill('cut in the answer', {
    pool,
    statements: (trial) => alternating(0, CONNECTIONS, read, (value) => insert(trial, value)),
  }),
  story: 'Connections are cut (RST) within the first bytes of an answer.',
  mayFail: 'the statement has run, and running a write again would double it',
  async mishap(scene) {
    for (const { proxy } of scene.trials) proxy.resetAfter('server', 3);
    await begin(scene);
  },
};

/** To be brought about while the event loop is blocked. */
export const seenByTheWriteOnly: Row = {
  drill: drill('seen by the write only', { pool: { ...pool, lifeguard: UNDOUBTED } }),
  story:
    'Connections are cut (RST) in the moment after their validation, here while the event loop is ' +
    'blocked and with all validation switched off: only the failed write tells.',
  mishap({ trials }) {
    for (const { proxy } of trials) proxy.reset();
    return Promise.resolve();
  },
};
