import { type CounterBlock, PoolCounter } from '../counters/index.ts';
import type { BufferPool, PoolStatistics } from '../pool/index.ts';
import type { CountersCopy } from './DrainLoop.ts';

/** Copies what a pool has done into counters that other threads can read. Nothing to do costs one comparison. */
export class CountedPool implements CountersCopy {
  readonly #statistics: PoolStatistics;
  readonly #counters: CounterBlock;
  #copied = -1;

  /** @param counters of kind POOL, this thread's */
  constructor(pool: BufferPool, counters: CounterBlock) {
    this.#statistics = pool.stats;
    this.#counters = counters;
  }

  copy(): void {
    const statistics = this.#statistics;
    // Each of the pool's numbers changes together with one of these.
    const state = statistics.acquired + statistics.released + statistics.refused + statistics.slabsFreed;
    if (state === this.#copied) return;
    this.#copied = state;
    const counters = this.#counters;
    counters.advanceTo(PoolCounter.ACQUIRED, statistics.acquired);
    counters.advanceTo(PoolCounter.RELEASED, statistics.released);
    counters.advanceTo(PoolCounter.BYTES_ACQUIRED, statistics.bytesAcquired);
    counters.advanceTo(PoolCounter.BYTES_RELEASED, statistics.bytesReleased);
    counters.advanceTo(PoolCounter.REFUSED, statistics.refused);
    counters.advanceTo(PoolCounter.SLABS_ALLOCATED, statistics.slabsAllocated);
    counters.advanceTo(PoolCounter.SLABS_FREED, statistics.slabsFreed);
    counters.advanceTo(PoolCounter.BYTES_RESERVED, statistics.bytesTaken);
    counters.advanceTo(PoolCounter.BYTES_UNRESERVED, statistics.bytesGivenBack);
  }
}
