import type { Day, Outcome } from './day.ts';
import { most, sum, type Span } from './dial-log.ts';
import { near } from './load.ts';

/** In a steady state the worst second may have so many times as many dials as the average one. */
const MOST_TIMES_AVERAGE = 3;
/** So many dials one instance may begin within a second when the server has been away. */
const MOST_A_SECOND = 4;
/** After an outage this long is looked at. */
const RECOVERY_SECONDS = 120;

/** What the fleet is meant to do, and what it did. */
export interface Goal {
  readonly title: string;
  readonly isMet: boolean;
  /** The figures that say so. */
  readonly found: string;
}

/**
 * The six hours before the outage, or half of the time where the day is short; not the last minute, in
 * which the load is sampled more often and so finds greater peaks.
 */
export function steadyState({ outage }: Day): Span {
  return { from: Math.max(outage.from - 6 * 3_600, outage.from / 2), to: near(outage).from };
}

/** Right after the outage. */
export function recovery({ outage }: Day): Span {
  return { from: outage.to, to: outage.to + RECOVERY_SECONDS };
}

export function goals(day: Day, outcome: Outcome): readonly Goal[] {
  return [steadiness(day, outcome), pace(day, outcome), overlap(day, outcome)];
}

/** The worst second of a span beside the average one. */
export function steadiest(perSecond: Uint32Array, span: Span): { most: number; average: number } {
  return { most: most(perSecond, span), average: sum(perSecond, span) / (span.to - span.from) };
}

function steadiness(day: Day, { log }: Outcome): Goal {
  const { most: peak, average } = steadiest(log.dials, steadyState(day));
  return {
    title: `in a steady state no second has more than ${MOST_TIMES_AVERAGE} times the average of dials`,
    isMet: peak <= MOST_TIMES_AVERAGE * average,
    found:
      `at most ${peak} in a second, ${average.toFixed(2)} on average: ` +
      `${(peak / average).toFixed(1)} times`,
  };
}

function pace(day: Day, { log }: Outcome): Goal {
  const during = log.mostOfOne(day.outage);
  const after = log.mostOfOne(recovery(day));
  const unawaited = log.mostUnawaitedOfOne({ from: day.outage.from, to: recovery(day).to });
  return {
    title: `after an outage no instance dials more than ${MOST_A_SECOND} times a second`,
    isMet: after <= MOST_A_SECOND,
    found:
      `at most ${after}; ${during} while it lasts; ` +
      `${unawaited} of those for which no borrower waits`,
  };
}

function overlap({ poolSize }: Day, { server }: Outcome): Goal {
  return {
    title: 'replacements never overlap so that `max_connections` is exceeded',
    isMet: server.tooMany === 0 && server.mostOfOne <= poolSize,
    found:
      `${server.tooMany} dials refused since the server was full; ` +
      `at most ${server.mostOfOne} sessions of one instance, whose pool has ${poolSize}`,
  };
}
