import { median, medianWithin } from './statistics.ts';

/** What is measured, and in which unit. */
export const MEASURES = {
  time: { label: 'time', unit: 'ns', digits: 0 },
  allocated: { label: 'allocated', unit: 'bytes', digits: 0 },
  throughput: { label: 'throughput', unit: '/s', digits: 0 },
  latency: { label: 'latency', unit: 'µs', digits: 1 },
  p50: { label: 'latency, p50', unit: 'µs', digits: 1 },
  p99: { label: 'latency, p99', unit: 'µs', digits: 1 },
  /** Of this process, for one statement: unlike time it does not count what others take. */
  cpu: { label: 'CPU time', unit: 'µs', digits: 1 },
} as const;

export type Measure = keyof typeof MEASURES;

/** The same thing without and with the guard. */
export interface Sides<T> {
  readonly bare: T;
  readonly guarded: T;
}

/** What one run of one side gave. */
export type Readings = Readonly<Partial<Record<Measure, number>>>;

/** One measure of one case: medians over all pairs. */
export interface Figure {
  readonly server: string;
  readonly case: string;
  readonly measure: Measure;
  readonly unit: string;
  readonly bare: number;
  readonly guarded: number;
  /** Guarded less bare, pair by pair. */
  readonly added: number;
  /** Guarded by bare, pair by pair. */
  readonly ratio: number;
  /** Between these two the ratio lies with a confidence of 95 %. */
  readonly ratioFrom: number;
  readonly ratioTo: number;
  readonly pairs: readonly Sides<number>[];
}

/** The figures of one case, one for each measure that was read. */
export function figuresOf(
  server: string,
  name: string,
  pairs: readonly Sides<Readings>[],
): Figure[] {
  const measures = Object.keys(pairs[0]?.bare ?? {}) as Measure[];
  return measures.map((measure) => {
    const read = pairs.map(({ bare, guarded }) => {
      return { bare: bare[measure] ?? NaN, guarded: guarded[measure] ?? NaN };
    });
    return { server, case: name, measure, unit: MEASURES[measure].unit, ...summary(read) };
  });
}

function summary(pairs: readonly Sides<number>[]) {
  const ratios = pairs.map(({ bare, guarded }) => guarded / bare);
  const [ratioFrom, ratioTo] = medianWithin(ratios);
  return {
    bare: median(pairs.map(({ bare }) => bare)),
    guarded: median(pairs.map(({ guarded }) => guarded)),
    added: median(pairs.map(({ bare, guarded }) => guarded - bare)),
    ratio: median(ratios),
    ratioFrom,
    ratioTo,
    pairs,
  };
}
