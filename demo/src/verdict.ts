import { ORMS } from './orms.ts';
import type { Results } from './results/results.ts';
import { summarise } from './results/summary.ts';
import type { Tally } from './results/summary.ts';

/** What a play has shown, in a sentence. */
export interface Verdict {
  /** Guarded, nothing failed. */
  readonly held: boolean;
  /** Bare, something failed; guarded, nothing did. */
  readonly shown: boolean;
  readonly words: string;
}

/** Judges by the failures of both sides. */
export function judge(results: Results): Verdict {
  const { bare, guarded } = summarise(results).total;
  const where = `with ${ORMS[results.orm].label} on ${results.server}`;
  const inWords = ({ failed, queries }: Tally): string => `${failed} of ${queries}`;
  const fared = `bare, ${inWords(bare)} queries failed; guarded, ${inWords(guarded)}`;
  if (guarded.failed > 0) {
    return {
      held: false,
      shown: false,
      words: `Not shown ${where}, the guarded side had failures: ${fared}`,
    };
  }
  if (bare.failed === 0) {
    return {
      held: true,
      shown: false,
      words: `No difference in failures ${where}, nothing failed without the guard: ${fared}`,
    };
  }
  return { held: true, shown: true, words: `Shown ${where}: ${fared}` };
}

/** Whether the verdicts on one server show what the demo claims: with one ORM, against none. */
export function isShown(verdicts: readonly Verdict[]): boolean {
  return verdicts.every(({ held }) => held) && verdicts.some(({ shown }) => shown);
}
