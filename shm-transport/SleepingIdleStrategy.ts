import type { IdleStrategy } from './IdleStrategy.ts';
import { parkThread } from './parkThread.ts';

/** How long a `SleepingIdleStrategy` sleeps by default, in microseconds. */
export const DEFAULT_SLEEP_PERIOD_MICROS = 1_000;

/** Sleeps for one fixed, short period whenever there was no work. Blocks: not for event-loop threads. */
export class SleepingIdleStrategy implements IdleStrategy {
  readonly #periodMicros: number;

  constructor(periodMicros: number = DEFAULT_SLEEP_PERIOD_MICROS) {
    this.#periodMicros = periodMicros;
  }

  idle(workCount: number): void {
    if (workCount > 0) return;
    parkThread(this.#periodMicros);
  }

  reset(): void {}
}
