import type { Figure } from '../measuring/figures.ts';
import { JUDGED_SIDE, type Goal, type Limit } from './goals.ts';

/** One figure, or two of them, held against a limit. */
export interface Finding {
  readonly server: string;
  readonly case: string;
  /** NaN where there was nothing to measure. */
  readonly value: number;
  /** The bounds within which it lies with a confidence of 95 %. */
  readonly from: number;
  readonly to: number;
  readonly meets: boolean;
  /** The limit lies between the bounds: another run may find otherwise. */
  readonly close: boolean;
}

/** How a goal stands after a run. */
export interface Judgement {
  readonly goal: Goal;
  /** Every finding meets the limit. */
  readonly met: boolean;
  /** The farthest from the limit, on its wrong side if there is one. */
  readonly worst: Finding;
  readonly missed: readonly Finding[];
}

interface Measured extends Pick<Finding, 'server' | 'case' | 'value' | 'from' | 'to'> {
  /** A guarded statement failed: no latency makes good for that. */
  readonly failed: boolean;
}

/** Judges a goal by the figures of a run; undefined if nothing of it was measured. */
export function judge(goal: Goal, figures: readonly Figure[]): Judgement | undefined {
  const own = figures.filter((figure) => isMeant(goal, figure));
  const findings = amountsOf(goal, own).map((measured) => held(measured, goal.limit));
  const [first, ...others] = findings;
  if (!first) return undefined;
  const worst = others.reduce((one, other) => worse(one, other, goal.limit), first);
  const missed = findings.filter(({ meets }) => !meets);
  return { goal, met: missed.length === 0, worst, missed };
}

function isMeant({ kind, measure, cases }: Goal, figure: Figure): boolean {
  const { side } = figure.side;
  if (figure.kind !== kind || figure.measure !== measure || side !== JUDGED_SIDE) return false;
  return cases?.test(figure.case) ?? true;
}

function amountsOf({ amount }: Goal, figures: readonly Figure[]): Measured[] {
  switch (amount) {
    case 'added':
      return figures.map((figure) => {
        const { added: value, addedFrom: from, addedTo: to } = figure;
        return { ...placeOf(figure), value, from, to };
      });
    case 'ratio':
      return figures.map((figure) => {
        const { ratio: value, ratioFrom: from, ratioTo: to } = figure;
        return { ...placeOf(figure), value, from, to };
      });
    case 'growth':
      return [...new Set(figures.map(({ server }) => server))].flatMap((server) =>
        growth(figures.filter((figure) => figure.server === server)),
      );
  }
}

/** The bounds of a difference: the least of one less the most of the other, and the reverse. */
function growth(figures: readonly Figure[]): Measured[] {
  const first = figures.at(0);
  const last = figures.at(-1);
  if (!first || !last || first === last) return [];
  return [
    {
      server: last.server,
      case: `${last.case}, against ${first.case}`,
      value: last.added - first.added,
      from: last.addedFrom - first.addedTo,
      to: last.addedTo - first.addedFrom,
      failed: false,
    },
  ];
}

function placeOf({ server, case: name, side, rounds }: Figure) {
  const failed = side.failures.length > 0;
  const failures = failed ? ` (failed ${side.failures.length} of ${rounds.length})` : '';
  return { server, case: `${name}${failures}`, failed };
}

function held({ failed, ...measured }: Measured, limit: Limit): Finding {
  const bound = boundOf(limit);
  const { value, from, to } = measured;
  const within = 'atMost' in limit ? value <= bound : value >= bound;
  return { ...measured, meets: within && !failed, close: from <= bound && bound <= to };
}

function worse(one: Finding, other: Finding, limit: Limit): Finding {
  if (Number.isNaN(one.value)) return one;
  const exceeds = 'atMost' in limit ? other.value > one.value : other.value < one.value;
  return exceeds || Number.isNaN(other.value) ? other : one;
}

function boundOf(limit: Limit): number {
  return 'atMost' in limit ? limit.atMost : limit.atLeast;
}
