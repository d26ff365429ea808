import type { Plan } from '../measuring/compare.ts';
import type { Figure } from '../measuring/figures.ts';
import { drop } from './drop.ts';
import { freeze } from './freeze.ts';
import { load } from './load.ts';
import { micro } from './micro.ts';
import type { Kind } from '../options.ts';
import { peers } from './peers.ts';
import { rest } from './rest.ts';

/** What measures each kind, in the order they run. */
export const BENCHMARKS: Readonly<Record<Kind, (plan: Plan) => Promise<Figure[]>>> = {
  micro,
  load,
  rest,
  freeze,
  drop,
  peers,
};
