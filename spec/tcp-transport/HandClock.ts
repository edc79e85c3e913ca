import type { Clock } from 'flysocket/core';

/** A clock that stands still unless it is moved. */
export class HandClock implements Clock {
  #nowMs = 0;
  #timers = new Map<number, { task: () => void; atMs: number }>();
  #lastTimer = 0;

  get timers(): number {
    return this.#timers.size;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(task: () => void, delayMs: number): number {
    this.#timers.set(++this.#lastTimer, { task, atMs: this.#nowMs + delayMs });
    return this.#lastTimer;
  }

  clearTimer(timer: unknown): void {
    this.#timers.delete(timer as number);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const [timer, { task, atMs }] of this.#timers) {
      if (atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      task();
    }
  }
}
