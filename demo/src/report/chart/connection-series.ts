import type { SeriesOption } from 'echarts';
import type { ConnectionResult } from '../../results/results.ts';
import { customSeries } from './custom-series.ts';
import type { Brush } from './custom-series.ts';
import type { Panel } from './layout.ts';
import type { Palette } from './palette.ts';
import { group, rect, ring, square, text } from './shapes.ts';
import type { Shape } from './shapes.ts';
import { aboutConnection } from './words.ts';

/** Half the height of a connection's bar. */
const HALF = 6;
/** Narrower than this, a connection's number has no room. */
const ROOM_FOR_NUMBER = 26;
/** The least width of a lease, so that one of a millisecond is still seen. */
const LEAST_WIDTH = 1.2;

/** Every connection from its opening to its end, with the times when it was lent, and dead. */
export function connectionSeries({ laned }: Panel, axis: number, palette: Palette): SeriesOption {
  return customSeries({
    axis,
    items: laned.map(({ connection, lane }) => {
      return { connection, lane, startMs: connection.openedMs, endMs: connection.closedMs };
    }),
    row: ({ lane }) => lane,
    draw: ({ connection, lane }, brush) => drawConnection(connection, lane, brush, palette),
    about: ({ connection }) => aboutConnection(connection),
  });
}

function drawConnection(
  { openedMs, closedMs, deadMs = closedMs, leases, end, number }: ConnectionResult,
  lane: number,
  { x, y }: Brush,
  palette: Palette,
): Shape {
  const middle = y(lane);
  const bar = (startMs: number, endMs: number, style: object): Shape => {
    const width = Math.max(x(endMs) - x(startMs), LEAST_WIDTH);
    return rect(x(startMs), middle - HALF, width, 2 * HALF, style);
  };
  const { dead, deadFill, lent, resting, text: ink } = palette;
  const outline = { fill: deadFill, stroke: dead, lineWidth: 1, lineDash: [3, 2] };
  return group(
    bar(openedMs, deadMs, { fill: resting }),
    ...leases.map(([from, to]) => bar(from, to, { fill: lent })),
    deadMs < closedMs && bar(deadMs, closedMs, outline),
    x(closedMs) - x(openedMs) > ROOM_FOR_NUMBER &&
      text(`${number}`, x(openedMs) + 4, middle, {
        fill: ink,
        fontSize: 10,
        stroke: resting,
        lineWidth: 3,
      }),
    drawEnd(end, x(closedMs), middle, palette),
  );
}

/** How it ended: a square by the other side, a ring by Lifeguard, an edge by the application. */
function drawEnd(
  end: ConnectionResult['end'],
  x: number,
  y: number,
  { text: ink }: Palette,
): Shape | undefined {
  if (end === undefined) return undefined;
  if (end === 'shutdown') return rect(x - 1, y - HALF, 2, 2 * HALF, { fill: ink });
  return end.startsWith('lifeguard:') ? ring([x, y], 4, ink) : square([x, y], 3.5, ink);
}
