import { html } from '../html.ts';
import type { Html } from '../html.ts';

/** Every sign of the timeline, by shape as well as by colour. */
const SIGNS: readonly (readonly [drawing: Html, meaning: string])[] = [
  [html`<rect x="6" y="3" width="2.5" height="8" fill="var(--ok)" />`, 'query answered'],
  [html`<path d="M7 2 12 7 7 12 2 7Z" fill="var(--slow)" />`, 'answered late (over 0.25 s)'],
  [html`<path d="M3 3 11 11M11 3 3 11" stroke="var(--failed)" stroke-width="2" />`, 'failed'],
  [html`<rect y="2" width="14" height="10" fill="var(--resting)" />`, 'connection idle'],
  [html`<rect y="2" width="14" height="10" fill="var(--ok)" />`, 'lent'],
  [
    html`<rect
      x=".5"
      y="2.5"
      width="13"
      height="9"
      fill="var(--dead-fill)"
      stroke="var(--failed)"
      stroke-dasharray="3 2"
    />`,
    'dead, and the pool does not know',
  ],
  [
    html`<rect x="3.5" y="3.5" width="7" height="7" fill="var(--text)" />`,
    'ended by the other side',
  ],
  [
    html`<circle cx="7" cy="7" r="4" fill="none" stroke="var(--text)" stroke-width="2" />`,
    'closed by Lifeguard',
  ],
  [
    html`<rect x="6" y="1" width="2" height="12" fill="var(--text)" />`,
    'pool closed by the application',
  ],
];

/** Explains the signs of the timeline. */
export function legend(): Html {
  return html`<ul class="legend">
    ${SIGNS.map(
      ([drawing, meaning]) =>
        html`<li><svg width="14" height="14" aria-hidden="true">${drawing}</svg>${meaning}</li>`,
    )}
  </ul>`;
}
