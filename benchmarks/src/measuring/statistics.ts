/** The value below which the given part (0 to 1) of the values lies; NaN for none. */
function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const place = (sorted.length - 1) * part;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The bounds within which the true median lies with a confidence of 95 %, whatever the distribution:
 * the two values at the ranks that the binomial distribution gives, by its normal approximation.
 */
export function medianWithin(values: readonly number[]): readonly [from: number, to: number] {
  const sorted = Float64Array.from(values).toSorted();
  const half = 0.98 * Math.sqrt(sorted.length);
  const from = Math.max(0, Math.floor(sorted.length / 2 - half));
  const to = Math.min(sorted.length - 1, Math.ceil(sorted.length / 2 + half) - 1);
  return [sorted[from] ?? NaN, sorted[to] ?? NaN];
}
