import type { CustomSeriesOption } from 'echarts';
import type { Shape } from './shapes.ts';

/** Turns times and rows into pixels. */
export interface Brush {
  x(ms: number): number;
  y(row: number): number;
  /** The strip that is drawn in. */
  readonly box: { readonly y: number; readonly height: number };
}

/** A series of things that last for a time, each drawn by our own hand. */
export interface CustomSeries<T> {
  /** The number of its grid, and of its axes. */
  readonly axis: number;
  readonly items: readonly T[];
  /** Which row it is in; none where it stands behind all rows. */
  row?(item: T): number;
  draw(item: T, brush: Brush, index: number): Shape;
  /** What is shown, as HTML, when somebody points at it. */
  about?(item: T): string;
}

/** Makes it a series of the chart library. */
export function customSeries<T extends { readonly startMs: number; readonly endMs: number }>({
  axis,
  items,
  row = () => 0,
  draw,
  about,
}: CustomSeries<T>): CustomSeriesOption {
  return {
    type: 'custom',
    xAxisIndex: axis,
    yAxisIndex: axis,
    clip: true,
    silent: about === undefined,
    encode: { x: [0, 2], y: 1 },
    data: items.map((item) => [item.startMs, row(item), item.endMs]),
    tooltip: { formatter: (point) => aboutPoint(items, point, about) },
    renderItem({ dataIndex, coordSys }, api) {
      const item = items[dataIndex];
      if (item === undefined) return null;
      const brush: Brush = {
        x: (ms) => api.coord([ms, 0])[0] ?? 0,
        y: (at) => api.coord([0, at])[1] ?? 0,
        box: coordSys as unknown as Brush['box'],
      };
      return draw(item, brush, dataIndex) as never;
    },
  };
}

function aboutPoint<T>(
  items: readonly T[],
  point: unknown,
  about: ((item: T) => string) | undefined,
): string {
  const item = items[(point as { readonly dataIndex: number }).dataIndex];
  return item !== undefined && about ? about(item) : '';
}
