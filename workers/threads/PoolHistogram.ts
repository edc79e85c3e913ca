import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Times in milliseconds, as piscina sums them up: to the microsecond. */
export interface HistogramSummary {
  readonly average: number;
  readonly mean: number;
  readonly stddev: number;
  readonly min: number;
  readonly max: number;
  readonly p0_001: number;
  readonly p0_01: number;
  readonly p0_1: number;
  readonly p1: number;
  readonly p2_5: number;
  readonly p10: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p97_5: number;
  readonly p99: number;
  readonly p99_9: number;
  readonly p99_99: number;
  readonly p99_999: number;
}

/** Times that are noted before they are recorded in one go. */
const BATCH = 1_024;
const MICROS_PER_MS = 1_000;

/**
 * A histogram of times. What is recorded is only noted, and goes into Node's histogram when that is looked at, or in
 * batches.
 */
export class PoolHistogram {
  readonly #histogram: RecordableHistogram = createHistogram();
  readonly #noted: Float64Array = new Float64Array(BATCH);
  #count = 0;

  /** @param ms of any length; less than a microsecond counts as one */
  record(ms: number): void {
    this.#noted[this.#count++] = ms;
    if (this.#count === BATCH) this.#flush();
  }

  get count(): number {
    return this.#histogram.count + this.#count;
  }

  reset(): void {
    this.#count = 0;
    this.#histogram.reset();
  }

  get summary(): HistogramSummary {
    this.#flush();
    const histogram = this.#histogram;
    const percentile = (p: number): number => histogram.percentile(p) / MICROS_PER_MS;
    return {
      average: histogram.mean / MICROS_PER_MS,
      mean: histogram.mean / MICROS_PER_MS,
      stddev: histogram.stddev / MICROS_PER_MS,
      min: histogram.min / MICROS_PER_MS,
      max: histogram.max / MICROS_PER_MS,
      p0_001: percentile(0.001),
      p0_01: percentile(0.01),
      p0_1: percentile(0.1),
      p1: percentile(1),
      p2_5: percentile(2.5),
      p10: percentile(10),
      p25: percentile(25),
      p50: percentile(50),
      p75: percentile(75),
      p90: percentile(90),
      p97_5: percentile(97.5),
      p99: percentile(99),
      p99_9: percentile(99.9),
      p99_99: percentile(99.99),
      p99_999: percentile(99.999),
    };
  }

  #flush(): void {
    for (let i = 0; i < this.#count; i++) {
      this.#histogram.record(Math.max(1, Math.trunc((this.#noted[i] as number) * MICROS_PER_MS)));
    }
    this.#count = 0;
  }
}
