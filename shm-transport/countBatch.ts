import { type CounterBlock, RingProducerCounter } from '../counters/index.ts';

/** Counts a batch that was published: all in bytes but `messages`. */
export function countBatch(counters: CounterBlock, messages: number, padding: number, published: number): void {
  counters.add(RingProducerCounter.MESSAGES, messages);
  counters.add(RingProducerCounter.FLUSHES, 1);
  if (padding !== 0) counters.add(RingProducerCounter.PADDING_BYTES, padding);
  counters.add(RingProducerCounter.PRODUCER_POSITION, published);
}
