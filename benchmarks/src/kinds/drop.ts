import { setTimeout as wait } from 'node:timers/promises';
import { startProxy } from '@pool-lifeguard/testkit';
import type { Ask } from '../measuring/closed-loop.ts';
import { compareTogether, type Contest, type Plan } from '../measuring/compare.ts';
import type { Figure } from '../measuring/figures.ts';
import {
  answerWithin,
  firstAnswers,
  freshen,
  timeOf,
  type First,
} from '../measuring/first-answer.ts';
import { DIALING, dialing } from '../subjects/dialing.ts';
import { behind, POOL_SIZE, type Address, type Opened } from '../subjects/opened.ts';
import { RenewedPool } from '../subjects/renewed-pool.ts';
import { BARE, GUARDED } from '../subjects/sides.ts';
import { SUBJECTS, subjectsOf, type Subject } from '../subjects/statements.ts';

/** Past `pingAfter`: nobody has heard the server for so long that a borrow asks it. */
const REST_MS = 6_000;
/** After this long the client gives up; bare, nothing else would end its waiting. */
const PATIENCE_MS = 2_000;

/**
 * The way to the server forgets all connections of a resting pool and tells neither side, as a
 * firewall does: the time to the first answer, against a dial and a statement.
 */
export async function drop(plan: Plan): Promise<Figure[]> {
  const proxy = await startProxy(plan.server);
  const entrants: Entrant[] = [];
  try {
    for (const subject of subjectsOf(plan, SUBJECTS)) {
      entrants.push(await enter(subject, plan.server, behind(proxy, plan.server)));
    }
    const contests = entrants.map(({ contest }) => contest);
    return await compareTogether(plan, contests, async () => {
      proxy.reset();
      for (const { renew } of entrants) await renew();
      proxy.blackhole('existing');
      await wait(REST_MS);
    });
  } finally {
    proxy.reset();
    for (const { close } of entrants) await close();
    await proxy.stop();
  }
}

interface Entrant {
  readonly contest: Contest<First>;
  /** Brings all connections about that a round begins with. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

async function enter(subject: Subject, server: Address, proxied: Address): Promise<Entrant> {
  const kept: Opened<Ask> = await subject.open({ server, guarding: undefined });
  const pools = [BARE, GUARDED].map(({ name, guarding }) => {
    return { name, pool: new RenewedPool(subject.open, { server: proxied, guarding }) };
  });
  const sides = pools.map(({ name, pool }) => {
    return { name, subject: () => timeOf(() => answerWithin(PATIENCE_MS, pool.ask)) };
  });
  const base = { name: DIALING, subject: dialing(subject.dial, proxied, kept.subject) };
  return {
    contest: firstAnswers(`${subject.name}, connections lost in silence`, [base, ...sides]),
    async renew() {
      for (const { pool } of pools) await pool.renew();
      await freshen(kept.subject, POOL_SIZE);
    },
    async close() {
      await Promise.all([kept.close(), ...pools.map(({ pool }) => pool.close())]);
    },
  };
}
