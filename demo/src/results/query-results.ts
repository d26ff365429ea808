import type { QueryEntry } from '../application/log.ts';
import { SLOW_MS } from './results.ts';
import type { Fate, QueryResult } from './results.ts';
import type { Timetable } from './timetable.ts';

/** Judges every query that an application has asked. */
export function queryResults(entries: readonly QueryEntry[], times: Timetable): QueryResult[] {
  return entries.map(({ who, kind, startMs, endMs = times.endMs, error, unanswered = false }) => ({
    scene: times.nameAt(startMs),
    who,
    kind,
    ...times.span({ startMs, endMs }),
    fate: fateOf(error, endMs - startMs),
    unanswered,
    error,
  }));
}

function fateOf(error: string | undefined, tookMs: number): Fate {
  if (error !== undefined) return 'failed';
  return tookMs > SLOW_MS ? 'slow' : 'ok';
}
