import { setTimeout as wait } from 'node:timers/promises';
import { compareTogether, type Plan } from '../measuring/compare.ts';
import type { Figure } from '../measuring/figures.ts';
import { firstAnswers } from '../measuring/first-answer.ts';
import { FrozenPool } from '../freezing/frozen-pool.ts';
import { DIALING } from '../subjects/dialing.ts';
import type { Address } from '../subjects/opened.ts';
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
  const { server } = plan;
  const entrants = subjectsOf(plan, SUBJECTS).map(({ name }) => {
    return {
      name,
      base: new FrozenPool(name, BASE),
      others: [BARE, GUARDED, PINGING].map((way) => new FrozenPool(name, way)),
    };
  });
  const bases = entrants.map(({ base }) => base);
  const others = entrants.flatMap((entrant) => entrant.others);
  const pools = [...bases, ...others];
  try {
    const contests = entrants.map(({ name, base, others }) => {
      const sides = [base, ...others].map((pool) => ({ name: pool.name, subject: pool.first }));
      return firstAnswers(`${name}, frozen past ${WAIT_TIMEOUT_S} s`, sides);
    });
    return await compareTogether(plan, contests, async () => {
      if (!bases.every(({ isOpen }) => isOpen)) {
        await server.restoreGlobals();
        await openAll(bases, server);
        await server.setGlobal('wait_timeout', WAIT_TIMEOUT_S);
      }
      await openAll(others, server);
      await Promise.all(pools.map((pool) => pool.freeze()));
      await wait(PAST_IT_MS);
    });
  } finally {
    await server.restoreGlobals();
    await Promise.all(pools.map((pool) => pool.close()));
  }
}

/** Opens those that are not open, be it since the last freeze ended their processes. */
async function openAll(pools: readonly FrozenPool[], server: Address): Promise<void> {
  const ended = pools.filter(({ isOpen }) => !isOpen);
  await Promise.all(ended.map((pool) => pool.open(server)));
}
