import type { SeriesOption } from 'echarts';
import type { MarkResult, Results } from '../../results/results.ts';
import { customSeries } from './custom-series.ts';
import type { Brush } from './custom-series.ts';
import type { Panel } from './layout.ts';
import type { Palette } from './palette.ts';
import { group, rect, text } from './shapes.ts';
import type { Shape } from './shapes.ts';

const MARKS: Readonly<Record<MarkResult['kind'], string>> = {
  frozen: 'process frozen',
  computing: 'computing',
  away: 'server away',
  dropped: 'network drops all',
};

/** Pixels between two scenes. */
const GAP = 2;
/** The width of a letter of a head, and how much of two lines a title can fill. */
const LETTER = 6;
const TWO_LINES = 1.6;
/** The least width of what was done, so that a moment is still seen. */
const LEAST_WIDTH = 1.5;

/** The heads of the scenes above all strips. */
export function headSeries({ scenes }: Results, axis: number, palette: Palette): SeriesOption {
  return customSeries({
    axis,
    items: scenes,
    draw: ({ startMs, endMs, title, short }, brush, index) => {
      const { box, x } = brush;
      const width = x(endMs) - x(startMs) - GAP;
      const name = title.length * LETTER < TWO_LINES * width ? title : short;
      const words = text(`${index + 1} ${name}`, x(startMs) + width / 2, box.y + box.height / 2, {
        fill: palette.text,
        fontSize: 11,
        lineHeight: 13,
        align: 'center',
        width: Math.max(width - 6, 1),
        overflow: 'break',
      });
      return group(drawBand(startMs, endMs, brush, palette), words);
    },
  });
}

/** The bands of the scenes behind a strip. */
export function bandSeries({ scenes }: Results, axis: number, palette: Palette): SeriesOption {
  return {
    ...customSeries({
      axis,
      items: scenes,
      draw: ({ startMs, endMs }, brush) => drawBand(startMs, endMs, brush, palette),
    }),
    z: 0,
  };
}

/** What was done to the application, as a veil over its strip. */
export function markSeries(
  { sides }: Results,
  { side }: Panel,
  axis: number,
  palette: Palette,
): SeriesOption {
  const style = { fill: palette.veil, stroke: palette.faint, lineWidth: 1, lineDash: [2, 3] };
  return {
    ...customSeries({
      axis,
      items: sides[side].marks,
      draw: ({ startMs, endMs }, { x, box }) => {
        const width = Math.max(x(endMs) - x(startMs), LEAST_WIDTH);
        return rect(x(startMs), box.y, width, box.height, style);
      },
    }),
    z: 1,
  };
}

/** The names of what was done, in a line of their own. */
export function markNameSeries({ sides }: Results, axis: number, palette: Palette): SeriesOption {
  return customSeries({
    axis,
    // The same was done to both sides at the same time.
    items: sides.bare.marks,
    draw: ({ kind, startMs, endMs }, { x, box }) => {
      const [from, middle] = [x(startMs), box.y + box.height / 2];
      const width = Math.max(x(endMs) - from, LEAST_WIDTH);
      const name = text(MARKS[kind], from + 3, middle, { fill: palette.text, fontSize: 11 });
      return group(rect(from, box.y, width, box.height, { fill: palette.veil }), name);
    },
  });
}

function drawBand(startMs: number, endMs: number, { x, box }: Brush, { band }: Palette): Shape {
  return rect(x(startMs), box.y, x(endMs) - x(startMs) - GAP, box.height, { fill: band });
}
