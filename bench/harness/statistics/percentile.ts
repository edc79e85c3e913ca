/**
 * The value below which `fraction` of the values lie, by linear interpolation between the two nearest.
 * @param values in any order
 * @param fraction from 0, the least, to 1, the greatest
 * @returns NaN if there are no values
 */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * Math.min(1, Math.max(0, fraction));
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
