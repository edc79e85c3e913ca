/** What one thread does for a count that several threads share. */
export interface Counting {
  /** Counts so many times, and returns when all of it has been handed over. */
  count(increments: number): void;
  /** What this thread did meanwhile, since the last call. */
  take(): Meanwhile;
}

export interface Meanwhile {
  /** Steps of other work. */
  readonly steps: number;
  /** How often another thread was draining already. */
  readonly lost: number;
}

/** How threads share a count; goes to other threads as it is. */
export interface CountingSpec {
  readonly way: 'atomic' | 'queue';
  /** How many increments a thread keeps to itself before it hands them over together; 1 for each by itself. */
  readonly cached: number;
  /** One word: the count. */
  readonly total: SharedArrayBuffer;
  /** Of the drain queue; empty without one. */
  readonly queue: SharedArrayBuffer;
}
