import type { Fate } from '../../results/results.ts';

/** Colours of a chart. Each meaning has a shape of its own too, for those who see no colours. */
export interface Palette {
  readonly page: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly band: string;
  readonly veil: string;
  readonly good: string;
  readonly fates: Readonly<Record<Fate, string>>;
  readonly resting: string;
  readonly lent: string;
  readonly dead: string;
  readonly deadFill: string;
}

/** On white. */
export const LIGHT: Palette = {
  page: '#ffffff',
  text: '#1c2733',
  faint: '#5b6b7b',
  line: '#d5dce3',
  band: '#f3f6f9',
  veil: 'rgba(91, 107, 123, 0.16)',
  good: '#1d7a46',
  fates: { ok: '#2f7cbf', slow: '#b87400', failed: '#c8281e' },
  resting: '#c5d9ea',
  lent: '#2f7cbf',
  dead: '#c8281e',
  deadFill: 'rgba(200, 40, 30, 0.13)',
};

/** On near black. */
export const DARK: Palette = {
  page: '#12181e',
  text: '#e4eaf0',
  faint: '#9aa9b8',
  line: '#3a4652',
  band: '#1d252d',
  veil: 'rgba(154, 169, 184, 0.18)',
  good: '#5fc98d',
  fates: { ok: '#5aa9e6', slow: '#f0b03f', failed: '#ff6b5e' },
  resting: '#2d4a63',
  lent: '#5aa9e6',
  dead: '#ff6b5e',
  deadFill: 'rgba(255, 107, 94, 0.18)',
};
