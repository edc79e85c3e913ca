import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

const NANOSECONDS_PER_MILLISECOND = 1e6;
const NANOSECONDS_PER_MICROSECOND = 1e3;

/** The percentiles that are kept of a histogram: the tail is where services differ. */
export const PERCENTILES = [50, 75, 90, 95, 99, 99.9, 99.99, 100] as const;

/** Microseconds by percentile: `{ '50': 12, '99.9': 480, ... }`. */
export type Percentiles = Readonly<Record<string, number>>;

/**
 * How long operations took: a histogram of Node (HdrHistogram) over nanoseconds, three digits exact. Takes any number
 * of values in the same memory, and recording allocates nothing.
 */
export class LatencyHistogram {
  readonly #histogram: RecordableHistogram = createHistogram({ figures: 3 });

  /** How many were recorded. */
  get count(): number {
    return this.#histogram.count;
  }

  clear(): void {
    this.#histogram.reset();
  }

  /** @param milliseconds a difference of two `performance.now()` */
  record(milliseconds: number): void {
    this.#histogram.record(Math.max(1, Math.round(milliseconds * NANOSECONDS_PER_MILLISECOND)));
  }

  /** Takes in all that another one has. */
  add(other: LatencyHistogram): void {
    this.#histogram.add(other.#histogram);
  }

  /**
   * @param fraction from 0 to 1; 0.99 is the time that 1 % of the operations exceeded
   * @returns microseconds, or NaN if nothing was recorded
   */
  percentile(fraction: number): number {
    if (this.#histogram.count === 0) return Number.NaN;
    const percent = Math.max(fraction * 100, Number.MIN_VALUE);
    return this.#histogram.percentile(percent) / NANOSECONDS_PER_MICROSECOND;
  }

  /** In microseconds, or NaN if nothing was recorded. */
  get mean(): number {
    return this.#histogram.mean / NANOSECONDS_PER_MICROSECOND;
  }

  /** Microseconds at each of PERCENTILES; empty if nothing was recorded. */
  percentiles(): Percentiles {
    if (this.count === 0) return {};
    return Object.fromEntries(PERCENTILES.map((percent) => [String(percent), this.percentile(percent / 100)]));
  }
}
