import { type HistogramSummary, PoolHistogram } from './PoolHistogram.ts';

/** How long calls have run and waited. */
export interface PoolTimes {
  /** From the start in a thread to the end. */
  readonly runTime: HistogramSummary;
  /** From `run` to the start. */
  readonly waitTime: HistogramSummary;
  resetRunTime(): void;
  resetWaitTime(): void;
}

/** What a pool counts and times. */
export class PoolStatistics {
  /** Calls that were started and have ended, however. */
  completed = 0;
  /** Undefined where the pool takes no times. */
  readonly runTimes: PoolHistogram | undefined;
  readonly #waitTimes: PoolHistogram | undefined;
  readonly #begin: number = performance.now();

  constructor(takesTimes: boolean) {
    this.runTimes = takesTimes ? new PoolHistogram() : undefined;
    this.#waitTimes = takesTimes ? new PoolHistogram() : undefined;
  }

  /** The moment, where the pool takes times; else 0. */
  now(): number {
    return this.runTimes === undefined ? 0 : performance.now();
  }

  onStarted(waitedMs: number): void {
    this.#waitTimes?.record(waitedMs);
  }

  onEnded(ranMs: number): void {
    this.completed++;
    this.runTimes?.record(ranMs);
  }

  /** Since the pool was made. */
  get durationMs(): number {
    return performance.now() - this.#begin;
  }

  /** Of the time that `threads` threads had, the part in which they ran something; 0 where no times are taken. */
  utilizationOf(threads: number): number {
    const count = this.runTimes?.count ?? 0;
    if (count === 0) return 0;
    const { mean } = (this.runTimes as PoolHistogram).summary;
    return (mean * count) / (this.durationMs * threads);
  }

  /** As piscina's; undefined where no times are taken. */
  get times(): PoolTimes {
    const runTimes = this.runTimes as PoolHistogram;
    const waitTimes = this.#waitTimes as PoolHistogram;
    return {
      get runTime() {
        return runTimes?.summary;
      },
      get waitTime() {
        return waitTimes?.summary;
      },
      resetRunTime: () => runTimes?.reset(),
      resetWaitTime: () => waitTimes?.reset(),
    };
  }
}
