import type { Figure, Measure } from '../measuring/figures.ts';
import type { Kind } from '../options.ts';
import { mermaid } from './chart.ts';

/** Which figures make a chart, and what of them it shows. */
interface Drawing {
  readonly kind: Kind;
  readonly measure: Measure;
  /** The cases it is about. */
  readonly cases: RegExp;
  /** The side it is about; undefined: all sides, by their names. */
  readonly side?: string;
  /** `medians`: those of the side as bars, those of the base as a line. */
  readonly shows: 'added' | 'ratio' | 'medians';
  readonly title: string;
  readonly axis: string;
}

const DRAWINGS: readonly Drawing[] = [
  {
    kind: 'micro',
    measure: 'time',
    cases: /borrow and release, (\d+ connections?)$/,
    side: 'guarded',
    shows: 'added',
    title: 'What a guarded borrow and release adds',
    axis: 'added, ns',
  },
  {
    kind: 'load',
    measure: 'throughput',
    cases: /^(.*), 8 at once$/,
    side: 'guarded',
    shows: 'ratio',
    title: 'Throughput at 8 at once: guarded by bare (line: bare)',
    axis: 'ratio',
  },
  {
    kind: 'rest',
    measure: 'answer',
    cases: /^(.*), past .* s$/,
    side: 'guarded',
    shows: 'medians',
    title: 'First statement past wait_timeout: guarded (line: bare, kept open)',
    axis: 'ms',
  },
  {
    kind: 'freeze',
    measure: 'answer',
    cases: /^(.*), frozen/,
    side: 'guarded',
    shows: 'medians',
    title: 'First statement after a freeze: guarded (line: a dial and a statement)',
    axis: 'ms',
  },
  {
    kind: 'drop',
    measure: 'answer',
    cases: /^(.*), connections lost/,
    side: 'guarded',
    shows: 'medians',
    title: 'First statement after a silent loss: guarded (line: a dial and a statement)',
    axis: 'ms',
  },
  {
    kind: 'peers',
    measure: 'throughput',
    cases: /^peers/,
    shows: 'ratio',
    title: 'Throughput at 8 at once, by that of mysql2 (line: mysql2)',
    axis: 'ratio',
  },
];

/** The charts of one kind on one server. */
export function charts(figures: readonly Figure[]): string[] {
  return DRAWINGS.flatMap((drawing) => draw(drawing, figures));
}

function draw(drawing: Drawing, figures: readonly Figure[]): string[] {
  const own = figures.filter((figure) => belongs(drawing, figure));
  if (own.length === 0) return [];
  const { title, axis, cases, side } = drawing;
  const labels = own.map((figure) =>
    side === undefined ? figure.side.side : (cases.exec(figure.case)?.[1] ?? figure.case),
  );
  return [mermaid({ title, axis, labels, ...seriesOf(drawing, own) })];
}

function belongs({ kind, measure, cases, side }: Drawing, figure: Figure): boolean {
  const meant = figure.kind === kind && figure.measure === measure && cases.test(figure.case);
  const drawable = Number.isFinite(figure.side.median);
  return meant && drawable && (side ?? figure.side.side) === figure.side.side;
}

function seriesOf({ shows }: Drawing, figures: readonly Figure[]) {
  switch (shows) {
    case 'added':
      return { bars: figures.map(({ added }) => added) };
    case 'ratio':
      return { bars: figures.map(({ ratio }) => ratio), line: figures.map(() => 1) };
    case 'medians':
      return {
        bars: figures.map(({ side }) => side.median),
        line: figures.map(({ base }) => base.median),
      };
  }
}
