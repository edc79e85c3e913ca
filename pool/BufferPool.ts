import { LeakTracker } from './LeakTracker.ts';
import { SlabPool, type SlabPoolOptions } from './SlabPool.ts';

/** How a pool is made; all of it has a default. */
export interface BufferPoolOptions extends SlabPoolOptions {
  /** True to find leaks and misuse: slow. */
  readonly tracking?: boolean;
}

/**
 * A `SlabPool` that can track. In tracking mode, for tests, it poisons what nobody holds, finds writes after release,
 * and knows who leaked; that is slow and allocates. Wherever a `BufferPool` is wanted, a `SlabPool` is as good.
 */
export class BufferPool extends SlabPool {
  constructor(options: BufferPoolOptions = {}) {
    super(options, options.tracking === true ? new LeakTracker() : null);
  }
}
