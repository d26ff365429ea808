import type { SeriesOption } from 'echarts';
import type { Fate, QueryResult, Results } from '../../results/results.ts';
import { customSeries } from './custom-series.ts';
import type { Panel } from './layout.ts';
import type { Palette } from './palette.ts';
import { cross, diamond, group, rect } from './shapes.ts';
import type { Shape } from './shapes.ts';
import { aboutQuery } from './words.ts';

/** The least width of a query, so that one of a millisecond is still seen. */
const LEAST_WIDTH = 2;

/** What went wrong is drawn last, over the rest. */
const ORDER: Readonly<Record<Fate, number>> = { ok: 0, slow: 1, failed: 2 };

/** Every query as a bar as long as it took, ending in a sign of its fate. */
export function querySeries(
  { sides }: Results,
  { side, rows }: Panel,
  axis: number,
  palette: Palette,
): SeriesOption {
  const { queries } = sides[side];
  const row = ({ who }: QueryResult): number => rows.indexOf(who);
  return customSeries({
    axis,
    items: queries.toSorted((one, other) => ORDER[one.fate] - ORDER[other.fate]),
    row,
    draw: (query, { x, y }) => {
      return drawQuery(query.fate, x(query.startMs), x(query.endMs), y(row(query)), palette);
    },
    about: aboutQuery,
  });
}

function drawQuery(fate: Fate, from: number, to: number, y: number, { fates }: Palette): Shape {
  const fill = fates[fate];
  const width = Math.max(to - from, LEAST_WIDTH);
  if (fate === 'ok') return rect(from, y - 4, width, 8, { fill });
  const bar = rect(from, y - 2, width, 4, { fill, opacity: 0.45 });
  const end = [from + width, y] as const;
  return group(bar, fate === 'slow' ? diamond(end, 5, fill) : cross(end, 4, fill));
}
