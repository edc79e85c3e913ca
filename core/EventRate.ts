import type { Clock } from './Clock.ts';

const WINDOW_MS = 1_000;

/** Holds events to so many a second. It looks at the clock once in `maxPerSecond` events, so an event costs a count. */
export class EventRate {
  readonly #clock: Clock;
  readonly #maxPerSecond: number;
  #count = 0;
  #sinceMs: number;

  constructor(clock: Clock, maxPerSecond: number) {
    this.#clock = clock;
    this.#maxPerSecond = maxPerSecond;
    this.#sinceMs = clock.nowMs();
  }

  /** Counts one more. @returns false if `maxPerSecond` of them have come within a second, and this one too */
  allows(): boolean {
    if (this.#count++ < this.#maxPerSecond) return true;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#sinceMs < WINDOW_MS) return false;
    this.#sinceMs = nowMs;
    this.#count = 1;
    return true;
  }
}
