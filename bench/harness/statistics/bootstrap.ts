import { median } from './median.ts';
import { percentile } from './percentile.ts';
import { SeededRandom } from './SeededRandom.ts';

/** Between which two values a figure lies, with a given confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** How sure the interval is, from 0 to 1. Default 0.95. */
  readonly confidence?: number;
  /** How often samples are drawn again. Default 2,000. */
  readonly resamples?: number;
  /** The same seed gives the same interval. Default 1. */
  readonly seed?: number;
}

const CONFIDENCE = 0.95;
const RESAMPLES = 2_000;

/**
 * The confidence interval of the median, by the percentile bootstrap: as many samples are drawn again from the samples,
 * with replacement, and their median is taken, many times over; the interval holds the middle of those medians. Of
 * fewer than six samples it is little else than from the least to the greatest of them.
 *
 * Source: Efron & Tibshirani, An Introduction to the Bootstrap, chapter 13.
 * @returns undefined for fewer than two samples, which say nothing of their spread
 */
export function medianInterval(samples: readonly number[], options: BootstrapOptions = {}): Interval | undefined {
  if (samples.length < 2) return undefined;
  return interval((random) => median(drawAgain(samples, random)), options);
}

/**
 * The interval of the ratio of two contenders that met in the same rounds: that of the median of the ratios within each
 * round, so that what the machine did to both at once drops out.
 * @param above the figure of each round
 * @param below the figures of the same rounds
 */
export function pairedRatio(
  above: readonly number[],
  below: readonly number[],
  options: BootstrapOptions = {},
): { readonly value: number; readonly interval: Interval | undefined } {
  if (above.length !== below.length) throw new Error(`${above.length} rounds are no pairs with ${below.length}`);
  const ratios = above.map((each, round) => each / (below[round] as number));
  return { value: median(ratios), interval: medianInterval(ratios, options) };
}

/** The interval of the ratio of two medians that have nothing to do with each other, such as those of two runs. */
export function unpairedRatio(
  above: readonly number[],
  below: readonly number[],
  options: BootstrapOptions = {},
): { readonly value: number; readonly interval: Interval | undefined } {
  const value = median(above) / median(below);
  if (above.length < 2 || below.length < 2) return { value, interval: undefined };
  const draw = (random: SeededRandom): number => median(drawAgain(above, random)) / median(drawAgain(below, random));
  return { value, interval: interval(draw, options) };
}

function interval(
  draw: (random: SeededRandom) => number,
  { confidence = CONFIDENCE, resamples = RESAMPLES, seed = 1 }: BootstrapOptions,
): Interval {
  const random = new SeededRandom(seed);
  const drawn = Array.from({ length: resamples }, () => draw(random));
  const tail = (1 - confidence) / 2;
  return { low: percentile(drawn, tail), high: percentile(drawn, 1 - tail) };
}

function drawAgain(samples: readonly number[], random: SeededRandom): number[] {
  return samples.map(() => samples[random.below(samples.length)] as number);
}
