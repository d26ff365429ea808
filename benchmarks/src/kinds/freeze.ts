import { setTimeout as wait } from 'node:timers/promises';
import { compareTogether, type Contest, type Plan, type Side } from '../measuring/compare.ts';
import type { Figure } from '../measuring/figures.ts';
import { firstAnswers, type First } from '../measuring/first-answer.ts';
import { FrozenPool } from '../freezing/frozen-pool.ts';
import { DIALING } from '../subjects/dialing.ts';
import { BARE, GUARDED, PINGING, type Way } from '../subjects/sides.ts';
import { SUBJECTS, subjectsOf } from '../subjects/statements.ts';
import { PAST_IT_MS, WAIT_TIMEOUT_S } from './idle-limit.ts';

/** Its pool was opened before the server had its limit. */
const BASE: Way = { name: DIALING, guarding: undefined };

/**
 * A process stands still for longer than the server waits for it, as a suspended function does, and
 * is asked in the moment it goes on: the time to the answer, against a dial and a statement.
 */
export async function freeze(plan: Plan): Promise<Figure[]> {
  const subjects = subjectsOf(plan, SUBJECTS);
  const pools: FrozenPool[] = [];
  const enter = async (ways: readonly Way[]): Promise<Side<First>[][]> => {
    const all = subjects.map(({ name }) => ways.map((way) => new FrozenPool(name, way)));
    pools.push(...all.flat());
    await Promise.all(all.flat().map((pool) => pool.open(plan.server)));
    return all.map((own) => own.map((pool) => ({ name: pool.name, subject: pool.first })));
  };
  try {
    const bases = await enter([BASE]);
    await plan.server.setGlobal('wait_timeout', WAIT_TIMEOUT_S);
    const others = await enter([BARE, GUARDED, PINGING]);
    const contests = subjects.map(({ name }, at): Contest<First> => {
      const sides = [...(bases[at] ?? []), ...(others[at] ?? [])];
      return firstAnswers(`${name}, frozen past ${WAIT_TIMEOUT_S} s`, sides);
    });
    return await compareTogether(plan, contests, async () => {
      await Promise.all(pools.map((pool) => pool.freeze()));
      await wait(PAST_IT_MS);
    });
  } finally {
    await plan.server.restoreGlobals();
    await Promise.all(pools.map((pool) => pool.close()));
  }
}
