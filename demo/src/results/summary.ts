import type { SceneName } from '../scenes/index.ts';
import type { Side } from '../stage/side.ts';
import { didInWords } from './words.ts';
import type { QueryResult, Results } from './results.ts';

/** How one side fared, in one scene or in all. */
export interface Tally {
  readonly queries: number;
  readonly failed: number;
  /** The longest time for which somebody waited for his answer, or for nothing. */
  readonly worstMs: number;
  /** Somebody gave up waiting. */
  readonly unanswered: boolean;
  /** Connections opened beyond those that each scene starts with. */
  readonly opened: number;
}

/** One line of the table. */
export interface SceneSummary {
  readonly name: SceneName;
  readonly title: string;
  readonly story: string;
  readonly sides: Readonly<Record<Side, Tally>>;
  /** What Lifeguard did, in words. */
  readonly did: readonly string[];
}

/** The table of a play. */
export interface Summary {
  readonly scenes: readonly SceneSummary[];
  readonly total: Readonly<Record<Side, Tally>>;
}

/** Counts what happened. */
export function summarise(results: Results): Summary {
  const tallies = (name?: SceneName): Record<Side, Tally> => ({
    bare: tally(results, 'bare', name),
    guarded: tally(results, 'guarded', name),
  });
  const scenes = results.scenes.map(({ name, title, story }) => {
    return { name, title, story, sides: tallies(name), did: didInWords(results, name) };
  });
  return { scenes, total: tallies() };
}

function tally(results: Results, side: Side, name: SceneName | undefined): Tally {
  const { queries, connections } = results.sides[side];
  const meant = <T extends { readonly scene: SceneName }>(all: readonly T[]): T[] =>
    all.filter(({ scene }) => name === undefined || scene === name);
  const asked = meant(queries);
  return {
    queries: asked.length,
    failed: asked.filter(({ fate }) => fate === 'failed').length,
    worstMs: Math.max(0, ...asked.map(tookMs)),
    unanswered: asked.some(({ unanswered }) => unanswered),
    opened: meant(connections).filter(({ first }) => !first).length,
  };
}

const tookMs = ({ startMs, endMs }: QueryResult): number => endMs - startMs;
