import { type Clock, systemClock } from '../core/index.ts';

/** The system's clock with timers that keep a program alive: one that waits to connect again has not finished. */
export const keepAwakeClock: Clock = {
  nowMs: systemClock.nowMs,
  setTimer: (task, delayMs) => setTimeout(task, delayMs),
  clearTimer: systemClock.clearTimer,
};
