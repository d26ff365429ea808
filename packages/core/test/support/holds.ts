import * as fc from 'fast-check';

/** How many times as many cases are tried as usual. */
const TIMES = Number(process.env['LIFEGUARD_PROPERTY_RUNS'] ?? 1);
/** Which cases: the same ones in every run, unless another number is named; `random` for new ones. */
const SEED = process.env['LIFEGUARD_PROPERTY_SEED'] ?? '1';

/**
 * A test that tries a property on `cases` made-up cases, and names the smallest one that it found to
 * break it, with the seed that leads there.
 */
export function holds<Case>(title: string, cases: number, property: fc.IRawProperty<Case>): void {
  const numRuns = Math.max(1, Math.round(cases * TIMES));
  const seed = SEED === 'random' ? {} : { seed: Number(SEED) };
  // What is found by then is told, though it might be made smaller.
  const limitMs = 120_000 * Math.max(1, TIMES);
  const limit = { interruptAfterTimeLimit: limitMs, markInterruptAsFailure: true };
  it(title, async () => {
    await fc.assert(property, { numRuns, ...seed, ...limit });
  }).timeout(limitMs + 10_000);
}
