import type { Guard } from '@pool-lifeguard/typeorm';
import type { Random } from '../random.ts';
import type { Steps } from './steps.ts';

/** One thing that an application does. What fails in it has been told, if it is a step. */
export type Task = (random: Random) => Promise<void>;

/** A guarded pool behind its ORM, and what is done with it. */
export interface Subject {
  readonly handle: Guard;
  readonly steps: Steps;
  readonly tasks: readonly Task[];
  close(): Promise<void>;
}

/** As many connections as each pool may have: fewer than there are who want one. */
export const POOL_SIZE = 4;
