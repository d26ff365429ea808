import type { Fate, Results } from '../../results/results.ts';
import type { SceneName } from '../../scenes/index.ts';
import { SIDES } from '../../stage/side.ts';
import type { Side } from '../../stage/side.ts';
import { LIGHT } from '../chart/palette.ts';
import { cross, diamond, disc, group } from '../chart/shapes.ts';
import type { Point, Shape } from '../chart/shapes.ts';

/** From one sign to the next, in pixels. */
const STEP = 14;
const PER_ROW = 8;

/** The height that the scene with the most queries needs. */
export function queriesHeight({ scenes, sides }: Results): number {
  const counts = scenes.flatMap(({ name }) =>
    SIDES.map((side) => sides[side].queries.filter(({ scene }) => scene === name).length),
  );
  return Math.ceil(Math.max(1, ...counts) / PER_ROW) * STEP;
}

/** Draws a scene's queries in the order in which they were asked, line by line. */
export function drawQueries(
  { sides }: Results,
  side: Side,
  name: SceneName,
  left: number,
  top: number,
): Shape {
  const queries = sides[side].queries
    .filter(({ scene }) => scene === name)
    .toSorted((one, other) => one.startMs - other.startMs);
  const signs = queries.map(({ fate }, index) => {
    const x = left + ((index % PER_ROW) + 0.5) * STEP;
    return drawFate(fate, [x, top + (Math.floor(index / PER_ROW) + 0.5) * STEP]);
  });
  return group(...signs);
}

/** Draws one query: a dot, a diamond when it was slow, a cross when it failed. */
export function drawFate(fate: Fate, at: Point): Shape {
  const colour = LIGHT.fates[fate];
  if (fate === 'ok') return disc(at, 3.2, colour);
  return fate === 'slow' ? diamond(at, 5, colour) : cross(at, 4, colour);
}
