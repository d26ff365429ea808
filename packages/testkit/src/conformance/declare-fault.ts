import type { DatabaseServer } from '../server/database-server.ts';
import { bringAbout, lacks, leave } from './bring-about.ts';
import type { Entry } from './bring-about.ts';
import type { Candidate } from './candidate/candidate.ts';
import type { Expectation, Fault } from './fault.ts';

const FAULT_TIMEOUT_MS = 120_000;

/** One test to be: a check on a candidate. */
interface Test extends Entry {
  readonly expectation: Expectation;
}

/**
 * Declares one fault: it is brought about once, for every candidate at the same time, and each
 * check on each candidate is a test of its own.
 */
export function declareFault(
  fault: Fault,
  candidates: readonly Candidate[],
  server: () => DatabaseServer,
): void {
  const tests = testsOf(fault, candidates);
  if (tests.length === 0) return;
  describe(fault.title, function () {
    this.timeout(FAULT_TIMEOUT_MS);
    before('bring it about', async function () {
      if (lacks(server(), fault)) this.skip();
      await bringAbout(fault, tests, server());
    });
    for (const test of tests) {
      it(`${test.candidate.title}: ${test.drill.title}`, async function () {
        if (!test.trial && !test.failure) this.skip();
        if (test.failure) throw test.failure as Error;
        if (test.trial) await test.expectation(test.trial);
      });
    }
    after('leave it', () => leave(tests, server()));
  });
}

function testsOf({ checks, essential }: Fault, candidates: readonly Candidate[]): Test[] {
  return candidates.flatMap((candidate) => {
    if (candidate.subject.composite && !essential) return [];
    const suiting = checks.filter((check) => check.suits?.(candidate.subject) ?? true);
    return suiting.flatMap((check) => {
      const { validates = false } = candidate.subject.supports;
      const expectation = candidate.guarded ? check.guarded : validates ? undefined : check.bare;
      return expectation ? [{ drill: check, candidate, expectation }] : [];
    });
  });
}
