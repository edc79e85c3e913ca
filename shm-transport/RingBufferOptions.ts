import type { CounterBlock } from '../counters/index.ts';

/** All may be left out. */
export interface RingBufferOptions {
  /**
   * Where tail and head start, a multiple of 8, so that a test can begin just below a wrap. The end that initialises
   * decides. 0 unless said.
   */
  readonly initialPosition?: number;
  /** Named in error messages. */
  readonly label?: string;
  /** Of kind RING_PRODUCER, touched once a batch. Given to the end that produces. */
  readonly producerCounters?: CounterBlock;
  /** Of kind RING_CONSUMER, touched once a drain. Given to the end that consumes. */
  readonly consumerCounters?: CounterBlock;
}
