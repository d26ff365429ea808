import { HANGING } from '@pool-lifeguard/testkit/conformance';
import type { Outcome, Step, Trial } from '@pool-lifeguard/testkit/conformance';
import type { Row } from './row.ts';
import { later } from './workload.ts';

/** What a fault did to one subject, bare or guarded. */
export interface Tally {
  /** Statements that met the fault and failed, those that hang included. */
  readonly failed: number;
  /** Statements that came when all was over, and failed nevertheless. */
  readonly failedLater: number;
  readonly hung: number;
  readonly worstMs: number;
  /** Rows that are stored more than once. */
  readonly doubled: number;
  /** Rows that are not stored, though that was acknowledged. */
  readonly lost: number;
  /** Rows that are stored, though their transaction has not been committed. */
  readonly stray: number;
  /** What the failures said, each once. */
  readonly said: readonly string[];
}

interface Answered {
  readonly step: Step;
  readonly outcome: Outcome;
}

/** Compares what became of a trial's statements with what is stored. */
export async function tally(trial: Trial, { drill, promised }: Row): Promise<Tally> {
  const met = paired(drill.plan(trial).steps, trial.outcomes);
  const after = paired(later(trial), trial.later);
  const all = [...met, ...after];
  const { stored, absent } = promised?.(trial) ?? { stored: written(met), absent: [] };
  const found = await trial.stored();
  return {
    failed: met.filter(isFailed).length,
    failedLater: after.filter(isFailed).length,
    hung: all.filter(({ outcome }) => outcome.error?.code === HANGING).length,
    worstMs: Math.max(...all.map(({ outcome }) => outcome.ms)),
    doubled: found.length - new Set(found).size,
    lost: [...stored, ...written(after)].filter((value) => !found.includes(value)).length,
    stray: absent.filter((value) => found.includes(value)).length,
    said: [...new Set(all.filter(isFailed).map(told))],
  };
}

/** What is wrong with a guarded cell, in words; nothing if it holds. */
export function wrongs(cell: Tally, { mayFail }: Row): string[] {
  const found = {
    'failed although they need not': mayFail === undefined ? cell.failed : 0,
    'failed when all was over': cell.failedLater,
    'statements hang': cell.hung,
    'rows doubled': cell.doubled,
    'acknowledged rows lost': cell.lost,
    'rows of lost transactions stored': cell.stray,
  };
  const wrong = Object.entries(found).filter(([, count]) => count > 0);
  return wrong.map(([what, count]) => `${count} ${what}`);
}

function paired(steps: readonly Step[], outcomes: readonly Outcome[]): Answered[] {
  if (steps.length !== outcomes.length) throw new Error('not every statement has an outcome');
  return outcomes.map((outcome, index) => ({ step: steps[index] as Step, outcome }));
}

/** The values of the writes that were acknowledged. */
function written(answered: readonly Answered[]): number[] {
  return answered.filter(({ step, outcome }) => outcome.ok && isWrite(step)).map(valueOf);
}

const isWrite = ({ sql = '' }: Step): boolean => sql.startsWith('INSERT');

const valueOf = ({ step }: Pick<Answered, 'step'>): number => Number(step.params?.[0]);

/** An answer to somebody else's question is a failure too. */
function isFailed({ step, outcome }: Answered): boolean {
  if (!outcome.ok || isWrite(step) || step.do !== 'query') return !outcome.ok;
  return Number((outcome.rows as { value: unknown }[])[0]?.value) !== valueOf({ step });
}

function told({ outcome: { error } }: Answered): string {
  return error ? `${error.code ?? error.name}: ${error.message}` : "another question's answer";
}
