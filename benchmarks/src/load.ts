import { closedLoop } from './closed-loop.ts';
import { compare, type Plan } from './compare.ts';
import type { Figure } from './figures.ts';
import { mariadb, mysql2, prisma, typeorm, type Subject } from './subjects/statements.ts';

const SUBJECTS = [mysql2, typeorm, mariadb, prisma];
const AT_ONCE = [1, 8, 64];

/** Throughput and latency of the smallest statement, below and beyond what the pool can lend. */
export async function load(plan: Plan): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const subject of SUBJECTS) figures.push(...(await loadOn(plan, subject)));
  return figures;
}

async function loadOn(plan: Plan, { name, open }: Subject): Promise<Figure[]> {
  const { sides, close } = await open(plan.server);
  const figures: Figure[] = [];
  try {
    for (const atOnce of AT_ONCE) {
      const ofThis = await compare(plan, `${name}, ${atOnce} at once`, sides, async (ask) => {
        await closedLoop(ask, atOnce, plan.sideMs / 10);
        return closedLoop(ask, atOnce, plan.sideMs);
      });
      figures.push(...ofThis);
    }
  } finally {
    await close();
  }
  return figures;
}
