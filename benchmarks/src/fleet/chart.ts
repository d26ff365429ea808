/** A chart of equally wide steps. */
export interface Chart {
  readonly title: string;
  readonly x: { readonly title: string; readonly from: number; readonly to: number };
  readonly y: string;
  readonly values: readonly number[];
}

/** A chart as GitHub draws it from Markdown: https://mermaid.js.org/syntax/xyChart.html */
export function mermaid({ title, x, y, values }: Chart): string {
  const top = Math.max(1, ...values);
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${title}"`,
    `  x-axis "${x.title}" ${x.from} --> ${x.to}`,
    `  y-axis "${y}" 0 --> ${top}`,
    `  bar [${values.join(', ')}]`,
    '```',
  ].join('\n');
}
