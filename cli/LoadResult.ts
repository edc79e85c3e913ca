import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Longest latency that is told apart, in nanoseconds: an hour. */
const LONGEST_NS = 3_600_000_000_000;
const FIGURES = 3;
const NS_PER_MS = 1_000_000;
const NS_PER_US = 1_000;

/** What has been measured so far. */
export class LoadResult {
  readonly histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: LONGEST_NS, figures: FIGURES });
  /** Of each error's code, how many. */
  readonly errors: Map<string, number> = new Map();
  completed = 0;
  items = 0;
  failed = 0;
  startMs = 0;
  endMs = 0;

  record(latencyMs: number, items: number, nowMs: number): void {
    this.completed++;
    this.items += items;
    this.endMs = nowMs;
    this.histogram.record(Math.max(1, Math.round(latencyMs * NS_PER_MS)));
  }

  fail(code: string): void {
    this.failed++;
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }

  get seconds(): number {
    return Math.max(this.endMs - this.startMs, 0) / 1_000;
  }

  /** Completed requests a second. */
  get requestsPerSecond(): number {
    return this.seconds === 0 ? 0 : this.completed / this.seconds;
  }

  /** Latency in microseconds that `percent` of the requests did not exceed. */
  percentileUs(percent: number): number {
    return this.completed === 0 ? 0 : this.histogram.percentile(percent) / NS_PER_US;
  }

  get maxUs(): number {
    return this.completed === 0 ? 0 : this.histogram.max / NS_PER_US;
  }

  get meanUs(): number {
    return this.completed === 0 ? 0 : this.histogram.mean / NS_PER_US;
  }
}
