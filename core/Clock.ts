/** Where the core has its time from: handed in, so that a simulator can run the real thing. */
export interface Clock {
  /** Milliseconds from any fixed moment; it never goes back. */
  nowMs(): number;
  /** Runs `task` once, in `delayMs` or later. It does not keep a process alive. */
  setTimer(task: () => void, delayMs: number): unknown;
  /** @param timer what `setTimer` gave; one that has run, or undefined, is nothing to clear */
  clearTimer(timer: unknown): void;
}

/** The longest that timers of the machine can wait, about 24.8 days; what is longer would be no wait at all. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  setTimer: (task, delayMs) => {
    const timer = setTimeout(task, Math.min(delayMs, LONGEST_TIMER_MS));
    if (typeof timer === 'object') timer.unref();
    return timer;
  },
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout> | undefined),
};
