import { warmLoop } from '../measuring/closed-loop.ts';
import { compare, type Plan } from '../measuring/compare.ts';
import type { Figure } from '../measuring/figures.ts';
import { openSides } from '../subjects/sides.ts';
import { STATEMENTS, subjectsOf, type Subject } from '../subjects/statements.ts';

const AT_ONCE = [1, 8, 64];

/** Throughput and latency of the smallest statement, below and beyond what the pool can lend. */
export async function load(plan: Plan): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const subject of subjectsOf(plan, STATEMENTS)) {
    figures.push(...(await loadOn(plan, subject)));
  }
  return figures;
}

async function loadOn(plan: Plan, { name, open }: Subject): Promise<Figure[]> {
  const { sides, close } = await openSides(open, { server: plan.server });
  const figures: Figure[] = [];
  try {
    for (const atOnce of AT_ONCE) {
      const contest = {
        name: `${name}, ${atOnce} at once`,
        sides,
        measure: warmLoop(atOnce, plan.sideMs),
      };
      figures.push(...(await compare(plan, contest)));
    }
  } finally {
    await close();
  }
  return figures;
}
