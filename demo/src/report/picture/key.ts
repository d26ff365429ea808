import { SLOW_MS } from '../../results/results.ts';
import { LIGHT } from '../chart/palette.ts';
import { group, text } from '../chart/shapes.ts';
import type { Shape } from '../chart/shapes.ts';
import { drawFate } from './queries.ts';

/** Each sign with its meaning, and how far the next one is, in pixels. */
const KEYS = [
  ['ok', 'answered', 110],
  ['slow', `answered after more than ${SLOW_MS / 1000} s`, 250],
  ['failed', 'failed', 0],
] as const;

/** Explains the signs. */
export function drawKey(left: number, y: number): Shape {
  let x = left + 7;
  const shapes = KEYS.flatMap(([fate, words, step]) => {
    const shape = drawFate(fate, [x, y]);
    const label = text(words, x + 11, y, { fill: LIGHT.faint, fontSize: 13 });
    x += step;
    return [shape, label];
  });
  return group(...shapes);
}
