import { percentile } from './percentile.ts';

/** The median of at least one number; NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
