import { median } from './median.ts';
import { percentile } from './percentile.ts';

/**
 * How far values lie apart: the distance of their quartiles as a fraction of their median, 0.1 for 10 %.
 * @returns 0 for fewer than two values, or if the median is 0
 */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  if (values.length < 2 || middle === 0) return 0;
  return (percentile(values, 0.75) - percentile(values, 0.25)) / Math.abs(middle);
}
