import { insert, read } from '@pool-lifeguard/testkit/conformance';
import type { Drill, PoolOptions, Step, Trial } from '@pool-lifeguard/testkit/conformance';

/** Every pool has so many connections when its fault comes, and may have no more. */
export const CONNECTIONS = 4;

/** A statement that is neither answered nor refused for so long hangs; longer than every default deadline. */
export const PATIENCE_MS = 15_000;

const [FIRST, AT_ONCE] = [0, 20];
const [FIRST_LATER, LATER_AT_ONCE] = [1_000, 8];

/** What is to be said of a drill beyond the workload that all have. */
export interface Variation extends Partial<Drill> {
  readonly pool?: PoolOptions;
  /** What meets the fault; default reads and writes at once, more than there are connections. */
  readonly statements?: (trial: Trial) => Step[];
  readonly inTurn?: boolean;
  readonly patienceMs?: number;
}

/** Statements that meet a fault, and others when all is over, which nothing may happen to any more. */
export function drill(title: string, variation: Variation = {}): Drill {
  const { pool, statements = mixed, inTurn = false, patienceMs = PATIENCE_MS, ...rest } = variation;
  return {
    title,
    async prepare(trial) {
      await trial.createTable();
      await trial.open({ connections: CONNECTIONS, ...pool });
    },
    plan: (trial) => ({
      on: trial.pool,
      steps: statements(trial),
      inTurn,
      patienceMs,
    }),
    afterwards: (trial) =>
      trial.candidate.tell('run', {
        on: trial.pool,
        steps: later(trial),
        patienceMs,
      }),
    ...rest,
  };
}

/** The statements that come when all is over. */
export const later = (trial: Trial): Step[] =>
  alternating(FIRST_LATER, LATER_AT_ONCE, read, (value) => insert(trial, value));

/** The statements that meet most of the faults. */
const mixed = (trial: Trial): Step[] =>
  alternating(FIRST, AT_ONCE, read, (value) => insert(trial, value));

/** So many statements, half of them reads and half writes, each with a value of its own. */
export function alternating(
  first: number,
  count: number,
  reading: (value: number) => Step,
  writing: (value: number) => Step,
): Step[] {
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? reading(first + index) : writing(first + index),
  );
}
