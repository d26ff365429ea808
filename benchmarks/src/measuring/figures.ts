import { median, medianWithin } from './statistics.ts';

/** What is measured, and in which unit. */
export const MEASURES = {
  time: { label: 'time', unit: 'ns', digits: 0 },
  allocated: { label: 'allocated', unit: 'bytes', digits: 0 },
  /** What of the allocated outlives the call. */
  kept: { label: 'kept', unit: 'bytes', digits: 1 },
  heap: { label: 'heap', unit: 'bytes', digits: 0 },
  throughput: { label: 'throughput', unit: '/s', digits: 0 },
  p50: { label: 'latency, p50', unit: 'µs', digits: 1 },
  p99: { label: 'latency, p99', unit: 'µs', digits: 1 },
  answer: { label: 'first answer', unit: 'ms', digits: 3 },
  /** Of this process, for one statement: unlike time it does not count what others take. */
  cpu: { label: 'CPU time', unit: 'µs', digits: 1 },
} as const;

export type Measure = keyof typeof MEASURES;

/** What one run of one side gave. */
export type Readings = Readonly<Partial<Record<Measure, number>>>;

/** A run that gave nothing to read, and why. */
export interface Failure {
  readonly failed: string;
}

export type Outcome = Readings | Failure;

/** One side in one measure. */
export interface Score {
  readonly side: string;
  /** Over the rounds in which there was something to read; NaN for none. */
  readonly median: number;
  /** What kept the other rounds from being read. */
  readonly failures: readonly string[];
}

/** The two values of one round; NaN where a side failed. */
export type Values = readonly [base: number, side: number];

/** One measure of one side of one case, against the case's base: medians over all rounds. */
export interface Figure {
  readonly server: string;
  readonly kind: string;
  readonly case: string;
  readonly measure: Measure;
  readonly unit: string;
  readonly base: Score;
  readonly side: Score;
  /** The side less the base, round by round. */
  readonly added: number;
  /** Between these two it lies with a confidence of 95 %, as the ratio does between its own. */
  readonly addedFrom: number;
  readonly addedTo: number;
  /** The side by the base, round by round. */
  readonly ratio: number;
  readonly ratioFrom: number;
  readonly ratioTo: number;
  readonly rounds: readonly Values[];
}

/** What the figures of one case share. */
export interface CaseOf {
  readonly server: string;
  readonly kind: string;
  readonly case: string;
}

/** One side of a case with its outcomes, one for each round. */
export interface Results {
  readonly side: string;
  readonly outcomes: readonly Outcome[];
}

/** The figures of one case: for each measure, each side against the first of them. */
export function figuresOf(of: CaseOf, [base, ...others]: readonly Results[]): Figure[] {
  if (base === undefined) return [];
  return measuresOf([base, ...others]).flatMap((measure) =>
    others.map((side) => {
      const ofBase = valuesOf(base, measure);
      const rounds = valuesOf(side, measure).map((value, round): Values => {
        return [ofBase[round] ?? NaN, value];
      });
      return {
        ...of,
        measure,
        unit: MEASURES[measure].unit,
        base: scoreOf(base, ofBase),
        side: scoreOf(side, valuesOf(side, measure)),
        ...comparison(rounds),
        rounds,
      };
    }),
  );
}

/** All that any side gave to read, in one order. */
function measuresOf(all: readonly Results[]): Measure[] {
  const read = new Set(all.flatMap(({ outcomes }) => outcomes.flatMap(Object.keys)));
  return (Object.keys(MEASURES) as Measure[]).filter((measure) => read.has(measure));
}

function valuesOf({ outcomes }: Results, measure: Measure): number[] {
  return outcomes.map((outcome) => ('failed' in outcome ? NaN : (outcome[measure] ?? NaN)));
}

function scoreOf({ side, outcomes }: Results, values: readonly number[]): Score {
  const failures = outcomes.flatMap((outcome) => ('failed' in outcome ? [outcome.failed] : []));
  return { side, median: median(values.filter(Number.isFinite)), failures };
}

function comparison(rounds: readonly Values[]) {
  const both = rounds.filter(([base, side]) => Number.isFinite(base + side));
  const differences = both.map(([base, side]) => side - base);
  const ratios = both.map(([base, side]) => side / base);
  const [addedFrom, addedTo] = medianWithin(differences);
  const [ratioFrom, ratioTo] = medianWithin(ratios);
  return {
    added: median(differences),
    addedFrom,
    addedTo,
    ratio: median(ratios),
    ratioFrom,
    ratioTo,
  };
}
