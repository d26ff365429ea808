import { MEASURES, type Figure, type Score } from '../measuring/figures.ts';

/** An amount in the unit of its measure. */
export function inUnit({ measure }: Pick<Figure, 'measure'>, value: number): string {
  const { unit, digits } = MEASURES[measure];
  return Number.isFinite(value) ? `${value.toFixed(digits)} ${unit}` : '–';
}

/** A plain number, such as a ratio. */
export function plain(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : '–';
}

/** What one side scored; a failure is told as such, and is no time. */
export function scored(figure: Figure, { median, failures }: Score): string {
  if (failures.length === 0) return inUnit(figure, median);
  const failed = `failed ${failures.length} of ${figure.rounds.length}: ${reasons(failures)}`;
  return Number.isFinite(median) ? `${inUnit(figure, median)}, ${failed}` : failed;
}

function reasons(failures: readonly string[]): string {
  return [...new Set(failures)].join(', ').replaceAll('|', '\\|');
}
