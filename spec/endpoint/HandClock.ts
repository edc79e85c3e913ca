import type { Clock } from 'flysocket/core';

interface Timer {
  readonly dueMs: number;
  readonly task: () => void;
}

/** Time that stands still until a test moves it on. */
export class HandClock implements Clock {
  #nowMs = 0;
  readonly #timers: Set<Timer> = new Set();

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(task: () => void, delayMs: number): Timer {
    const timer = { dueMs: this.#nowMs + delayMs, task };
    this.#timers.add(timer);
    return timer;
  }

  clearTimer(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Time until the next timer, in milliseconds. */
  get nextMs(): number {
    return Math.min(...[...this.#timers].map(({ dueMs }) => dueMs)) - this.#nowMs;
  }

  /** Moves on by `ms`, and runs what is due, in its order. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = next.dueMs;
      next.task();
    }
    this.#nowMs = untilMs;
  }
}
