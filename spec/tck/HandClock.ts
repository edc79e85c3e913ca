import type { Clock } from 'flysocket/core';

interface Timer {
  readonly task: () => void;
  readonly atMs: number;
}

/** A clock that stands still unless it is moved. */
export class HandClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Map<number, Timer>();
  #lastTimer = 0;

  /** Timers that are set and have not run. */
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

  /** Lets time pass: each timer runs at its moment, those too that are set meanwhile. `afterEach` runs after each. */
  advance(ms: number, afterEach: () => void = () => {}): void {
    const endMs = this.#nowMs + ms;
    for (let due = this.#next(endMs); due !== undefined; due = this.#next(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, (this.#timers.get(due) as Timer).atMs);
      this.#fire(due);
      afterEach();
    }
    this.#nowMs = endMs;
  }

  /** Time passes while nothing runs, as in a thread that is busy or asleep. */
  stallUnseen(ms: number): void {
    this.#nowMs += ms;
  }

  /** As `stallUnseen`; then the timers that were due run, late. */
  stall(ms: number): void {
    this.stallUnseen(ms);
    const due = [...this.#timers].filter(([, { atMs }]) => atMs <= this.#nowMs).sort(([, a], [, b]) => a.atMs - b.atMs);
    for (const [timer] of due) if (this.#timers.has(timer)) this.#fire(timer);
  }

  #fire(timer: number): void {
    const { task } = this.#timers.get(timer) as Timer;
    this.#timers.delete(timer);
    task();
  }

  /** The timer that is due first, if one is by `endMs`. */
  #next(endMs: number): number | undefined {
    let next: number | undefined;
    let atMs = endMs;
    for (const [timer, each] of this.#timers) {
      if (each.atMs < atMs || (each.atMs === atMs && next === undefined)) {
        next = timer;
        atMs = each.atMs;
      }
    }
    return next;
  }
}
