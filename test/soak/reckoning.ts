import { audit } from '../ledger/book.ts';
import type { FailedStep } from './application/outcome.ts';
import { explain } from './explain.ts';
import type { Incidents } from './incidents.ts';
import type { Reporter } from './reporter.ts';

/** The failures that no fault explains, in words. */
export function unexplained(failed: readonly FailedStep[], incidents: Incidents): string[] {
  return failed
    .filter((step) => explain(step, incidents) === undefined)
    .map((step) => `unexplained: ${describeStep(step, incidents)}`);
}

/** Where the table contradicts what the senders of writes were told, in words. */
export function contradictions(
  reporter: Reporter,
  stored: readonly number[],
  incidents: Incidents,
): string[] {
  const found = audit(reporter.book(), stored, (word) => word === 'not stored');
  return Object.entries(found).flatMap(([what, numbers]: [string, number[]]) => {
    const entries = reporter.written.filter((one) => one.numbers.some((n) => numbers.includes(n)));
    return entries.map(({ orm, word, from, to, numbers: of }) => {
      const past = pastOf(from, from, to, incidents);
      return `${what}: write ${of.join()} of ${orm}, ${Math.round(to - from)} ms, ${word}, ${past}`;
    });
  });
}

function describeStep(step: FailedStep, incidents: Incidents): string {
  const { from, to, since, failure, kind, orm } = step;
  return (
    `${orm}, ${kind} of ${Math.round(to - from)} ms (lease ${Math.round(since - from)} ms): ` +
    `${JSON.stringify(failure)} ${pastOf(since, from, to, incidents)}`
  );
}

/** What was done to the application not long before and meanwhile, counted from `from`. */
function pastOf(since: number, from: number, to: number, incidents: Incidents): string {
  const near = incidents.all.filter((one) => one.from < to && one.to > since - 3_000);
  const past = near.map(({ fault, effects, from: began, to: ended }) => {
    return `${fault} [${effects.join()}] ${Math.round(began - from)} to ${Math.round(ended - from)} ms`;
  });
  return `after: ${past.join('; ') || 'nothing'}`;
}
