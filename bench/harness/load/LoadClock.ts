import { setTimeout as later, setImmediate as turn } from 'node:timers/promises';

/** What tells a load generator the time and lets it wait; a spec hands in one of its own. */
export interface LoadClock {
  /** Milliseconds since any moment. */
  now(): number;
  /** Lets the event loop run for about so long; of 0, for one turn. */
  sleep(milliseconds: number): Promise<unknown>;
}

/** Timers may be a millisecond late: the last one is spent in turns of the event loop. */
const TIMER_SLACK_MS = 2;

/** The clock of this machine. Waits are exact to about the length of a turn of the event loop. */
export const realClock: LoadClock = {
  now: () => performance.now(),
  sleep: (milliseconds) => (milliseconds > TIMER_SLACK_MS ? later(milliseconds - TIMER_SLACK_MS) : turn()),
};
