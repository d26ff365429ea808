import type { Results } from '../../results/results.ts';
import { SIDES } from '../../stage/side.ts';
import type { Side } from '../../stage/side.ts';
import { askers, laneConnections, laneCount } from './lanes.ts';
import type { LanedConnection } from './lanes.ts';

/** One of the strips that share the time axis. */
export interface Panel {
  readonly side: Side;
  readonly kind: 'queries' | 'connections';
  readonly caption: string;
  /** The names of its rows, top down. */
  readonly rows: readonly string[];
  readonly laned: readonly LanedConnection[];
  readonly top: number;
  readonly height: number;
}

/** From where, and how far down. */
export interface Span {
  readonly top: number;
  readonly height: number;
}

/** Where everything is, in pixels from the top. */
export interface Layout {
  /** The heads of the scenes. */
  readonly head: Span;
  /** The names of what was done to the applications. */
  readonly marks: Span;
  readonly panels: readonly Panel[];
  readonly sliderTop: number;
  readonly height: number;
}

/** Left and right of the strips. */
export const MARGIN = { left: 64, right: 16 } as const;

const HEAD = { top: 0, height: 40 } as const;
const MARKS = { top: 43, height: 18 } as const;
const CAPTION = 24;
const ROW = { queries: 13, connections: 17 } as const;
const GAP = { queries: 6, connections: 20 } as const;

/** Stacks the four strips: for each side its users, and below them its connections. */
export function layOut(results: Results): Layout {
  const names = askers(results);
  let y = MARKS.top + MARKS.height + 6;
  const panels = SIDES.flatMap((side) => {
    const laned = laneConnections(results.sides[side]);
    const lanes = Array.from({ length: laneCount(laned) }, (_, index) => `lane ${index + 1}`);
    return (['queries', 'connections'] as const).map((kind): Panel => {
      const rows = kind === 'queries' ? names : lanes;
      const [top, height] = [y + CAPTION, rows.length * ROW[kind]];
      y = top + height + GAP[kind];
      return { side, kind, caption: `${side}: ${CAPTIONS[kind]}`, rows, laned, top, height };
    });
  });
  return { head: HEAD, marks: MARKS, panels, sliderTop: y + 22, height: y + 22 + 34 };
}

const CAPTIONS = {
  queries: 'what users got for their queries',
  connections: 'the life of every connection',
} as const;
