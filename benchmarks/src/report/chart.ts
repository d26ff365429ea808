/** What a chart shows. */
export interface Chart {
  readonly title: string;
  /** What the values are, with their unit. */
  readonly axis: string;
  readonly labels: readonly string[];
  readonly bars: readonly number[];
  /** What the bars are to be compared with; none for nothing. */
  readonly line?: readonly number[];
}

/** A chart as a block of Mermaid, which Markdown viewers draw; lying, because the labels are long. */
export function mermaid({ title, axis, labels, bars, line = [] }: Chart): string {
  const top = Math.max(...bars, ...line) * 1.1;
  return [
    '```mermaid',
    'xychart-beta horizontal',
    `  title ${quoted(title)}`,
    `  x-axis [${labels.map(quoted).join(', ')}]`,
    `  y-axis ${quoted(axis)} ${bottom(bars)} --> ${short(top)}`,
    `  bar [${bars.map(short).join(', ')}]`,
    ...(line.length > 0 ? [`  line [${line.map(short).join(', ')}]`] : []),
    '```',
  ].join('\n');
}

/** Bars grow from zero, unless something costs less than nothing. */
function bottom(bars: readonly number[]): string {
  return short(Math.min(0, ...bars));
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}

/** Four digits are more than a chart can show. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
