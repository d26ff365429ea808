import { HANGING } from '../orders.ts';
import type { Failure, Outcome, Plan, Step } from '../orders.ts';
import type { Target } from './targets.ts';

const PATIENCE_MS = 20_000;

/** Does a plan's steps; resolves when each of them is answered, refused, or counts as hanging. */
export async function perform(target: Target, plan: Plan): Promise<Outcome[]> {
  const { steps, inTurn = false, patienceMs = PATIENCE_MS } = plan;
  const attempt = (step: Step): Promise<Outcome> => attemptWithin(patienceMs, target, step);
  if (!inTurn) return Promise.all(steps.map(attempt));
  const outcomes: Outcome[] = [];
  for (const step of steps) outcomes.push(await attempt(step));
  return outcomes;
}

/** What an error says, in a shape that can be compared and sent. */
export function failureOf(thrown: unknown): Failure {
  const { name, message, code } = thrown as Partial<Failure>;
  return { name: name ?? 'unknown', message: message ?? String(thrown), code };
}

function attemptWithin(patienceMs: number, target: Target, step: Step): Promise<Outcome> {
  const since = performance.now();
  return new Promise((resolve) => {
    const settle = (result: { rows: unknown } | { error: Failure }): void => {
      clearTimeout(timer);
      const ms = performance.now() - since;
      resolve({ ok: 'rows' in result, ms, ...result });
    };
    const hangs = { name: 'Error', message: `no answer in ${patienceMs} ms`, code: HANGING };
    const timer = setTimeout(() => settle({ error: hangs }), patienceMs);
    begin(target, step).then(
      (rows) => settle({ rows }),
      (error: unknown) => settle({ error: failureOf(error) }),
    );
  });
}

/** Begins in the same turn: it is the plan that says from where in the event loop. */
async function begin(target: Target, step: Step): Promise<unknown> {
  return target.act(step);
}
