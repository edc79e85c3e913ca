import type { RatioRow } from '../Measured.ts';

/**
 * Whether a figure misses its goal by more than a factor: for 10, whether it is more than ten times as large or less
 * than a tenth of it. Of a goal of 0, whether it is more than the factor itself (of bytes, say); for 1, more than 0.
 */
export function isMissedBy({ value, goal, lowerIsBetter }: RatioRow, factor: number): boolean {
  if (goal === undefined) return false;
  if (!lowerIsBetter) return value * factor < goal;
  return value > (goal === 0 && factor > 1 ? factor : goal * factor);
}
