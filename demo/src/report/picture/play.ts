import { ORMS } from '../../orms.ts';
import type { Results } from '../../results/results.ts';
import { summarise } from '../../results/summary.ts';
import { SIDES } from '../../stage/side.ts';
import type { Side } from '../../stage/side.ts';
import { LIGHT } from '../chart/palette.ts';
import { group, text } from '../chart/shapes.ts';
import type { Shape } from '../chart/shapes.ts';
import { drawKey } from './key.ts';
import { drawQueries, queriesHeight } from './queries.ts';

/** The width of a play, in pixels. */
export const WIDTH = 920;

/** The names of the two sides stand left of their queries. */
const LABELS = 128;
/** The title, and the names of the scenes below it. */
const HEAD = { title: 24, subtitle: 22, scenes: 40 } as const;
/** The number of failures below the queries of a scene. */
const COUNT = 22;
const GAP = 14;
const KEY = 26;

const HEADS = HEAD.title + HEAD.subtitle + HEAD.scenes;

/** How high a play is drawn. */
export function playHeight(results: Results): number {
  return HEADS + SIDES.length * (queriesHeight(results) + COUNT + GAP) + KEY;
}

/** Draws one play: a column per scene, a row per side. */
export function drawPlay(results: Results, left: number, top: number): Shape {
  const { orm, poolSize, server, scenes, userCount } = results;
  const subtitle = `${server}, ${userCount} users, a pool of ${poolSize} connections. Every sign is one query.`;
  const rowHeight = queriesHeight(results) + COUNT + GAP;
  return group(
    say(`The same ${ORMS[orm].label} application, bare and guarded`, left, top + 8, {
      fontSize: 17,
      fontWeight: 'bold',
    }),
    say(subtitle, left, top + HEAD.title + 8, { fill: LIGHT.faint }),
    ...scenes.map(({ title }, index) => {
      const y = top + HEADS - HEAD.scenes / 2 - 4;
      const style = { lineHeight: 15, fontWeight: 'bold' };
      return say(inTwoLines(title), columnLeft(results, left, index), y, style);
    }),
    ...SIDES.map((side, index) => drawSide(results, side, left, top + HEADS + index * rowHeight)),
    drawKey(left + LABELS, top + HEADS + SIDES.length * rowHeight + 8),
  );
}

function drawSide(results: Results, side: Side, left: number, top: number): Shape {
  const { scenes, total } = summarise(results);
  const height = queriesHeight(results);
  const { failed, queries } = total[side];
  return group(
    say(side, left, top + 8, { fontSize: 15, fontWeight: 'bold' }),
    say(`${failed} of ${queries}`, left, top + 32, { ...toneOf(failed), fontSize: 20 }),
    say('queries failed', left, top + 52, toneOf(failed)),
    ...scenes.flatMap(({ name, sides }, index) => {
      const x = columnLeft(results, left, index);
      const { failed, queries } = sides[side];
      return [
        drawQueries(results, side, name, x, top),
        say(`${failed} of ${queries} failed`, x, top + height + 10, toneOf(failed)),
      ];
    }),
  );
}

const toneOf = (failed: number): object =>
  failed > 0 ? { fill: LIGHT.fates.failed, fontWeight: 'bold' } : { fill: LIGHT.good };

/** Breaks words where the longer of the two lines is shortest; a picture cannot measure text. */
function inTwoLines(words: string): string {
  const breaks = [...words.matchAll(/ /g)].map(({ index }) => index);
  const longest = (at: number): number => Math.max(at, words.length - at - 1);
  const [best] = breaks.toSorted((one, other) => longest(one) - longest(other));
  return best === undefined ? words : `${words.slice(0, best)}\n${words.slice(best + 1)}`;
}

const columnWidth = ({ scenes }: Results): number => (WIDTH - LABELS) / Math.max(scenes.length, 6);

const columnLeft = (results: Results, left: number, index: number): number =>
  left + LABELS + index * columnWidth(results);

const say = (words: string, x: number, y: number, style: object): Shape =>
  text(words, x, y, { fill: LIGHT.text, fontSize: 13, ...style });
