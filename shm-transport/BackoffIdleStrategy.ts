import type { IdleStrategy } from './IdleStrategy.ts';
import { parkThread } from './parkThread.ts';
import { pauseProcessor } from './pauseProcessor.ts';

/** Calls of `idle` without work before a `BackoffIdleStrategy` pauses the processor. */
export const DEFAULT_MAX_SPINS = 100;
/** Calls of `idle` that pause the processor, before it parks. */
export const DEFAULT_MAX_PAUSES = 100;
/** First period for which it parks, in microseconds; doubled each time. */
export const DEFAULT_MIN_PARK_PERIOD_MICROS = 1;
/** Longest period for which it parks, in microseconds. */
export const DEFAULT_MAX_PARK_PERIOD_MICROS = 1_000;

/**
 * Spins, then pauses the processor, then parks for periods that double from the least to the longest: low latency
 * after work, little processor time without. Each wait ends by itself. Blocks: not for event-loop threads.
 */
export class BackoffIdleStrategy implements IdleStrategy {
  readonly #maxSpins: number;
  readonly #maxSpinsAndPauses: number;
  readonly #minParkPeriodMicros: number;
  readonly #maxParkPeriodMicros: number;
  #idles: number;
  #parkPeriodMicros: number;

  constructor(
    maxSpins: number = DEFAULT_MAX_SPINS,
    maxPauses: number = DEFAULT_MAX_PAUSES,
    minParkPeriodMicros: number = DEFAULT_MIN_PARK_PERIOD_MICROS,
    maxParkPeriodMicros: number = DEFAULT_MAX_PARK_PERIOD_MICROS,
  ) {
    this.#maxSpins = maxSpins;
    this.#maxSpinsAndPauses = maxSpins + maxPauses;
    this.#minParkPeriodMicros = minParkPeriodMicros;
    this.#maxParkPeriodMicros = maxParkPeriodMicros;
    this.#idles = 0;
    this.#parkPeriodMicros = minParkPeriodMicros;
  }

  idle(workCount: number): void {
    if (workCount > 0) {
      this.reset();
    } else if (this.#idles < this.#maxSpins) {
      this.#idles++;
    } else if (this.#idles < this.#maxSpinsAndPauses) {
      this.#idles++;
      pauseProcessor();
    } else {
      parkThread(this.#parkPeriodMicros);
      this.#parkPeriodMicros = Math.min(this.#parkPeriodMicros * 2, this.#maxParkPeriodMicros);
    }
  }

  reset(): void {
    this.#idles = 0;
    this.#parkPeriodMicros = this.#minParkPeriodMicros;
  }
}
