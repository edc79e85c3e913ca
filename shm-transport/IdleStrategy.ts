/**
 * What a thread does between two rounds of work: called after each round with how much that did. For a thread that
 * owns itself; a thread with an event loop must return to it instead, or its timers and I/O starve.
 */
export interface IdleStrategy {
  /** @param workCount what the last round did; above 0 this returns at once, and the next wait is the shortest */
  idle(workCount: number): void;
  /** Begins again from the shortest wait. */
  reset(): void;
}
