/** The counters of one thread and its drain loop. Written by that thread alone. */
export const ThreadCounter = {
  /** Passes of the drain loop. */
  PASSES: 0,
  /** Pieces of work that the passes did, as `doWork` returns them. */
  WORK: 1,
  /** Turns of the event loop that found nothing to do. */
  IDLE_TURNS: 2,
  /** Times that the thread went to sleep. */
  PARKS: 3,
  /** Times that another thread woke it. */
  WAKES: 4,
  /** Times that it awoke by its own timeout. */
  WAKE_TIMEOUTS: 5,
  /** Doorbells that it rang to wake other threads. */
  DOORBELLS_RUNG: 6,
  /** Passes that ended because their budget was used up. */
  BUDGETS_EXHAUSTED: 7,
  /** Exceptions that a handler threw into the drain loop. */
  HANDLER_ERRORS: 8,
  /** When the latest pass began, in milliseconds since 1970: a thread that is stuck stops renewing it. */
  DRAIN_TIME_STAMP_MS: 9,
} as const;

export type ThreadCounter = (typeof ThreadCounter)[keyof typeof ThreadCounter];
