import { type CounterBlock, RingConsumerCounter, RingProducerCounter } from '../counters/index.ts';

/** Counts a batch that was published: all in bytes but `messages`. */
export function countBatch(
  counters: CounterBlock,
  messages: number,
  messageBytes: number,
  padding: number,
  published: number,
): void {
  counters.add(RingProducerCounter.MESSAGES, messages);
  counters.add(RingProducerCounter.BYTES, messageBytes);
  counters.add(RingProducerCounter.FLUSHES, 1);
  counters.add(RingProducerCounter.PADDING_BYTES, padding);
  counters.add(RingProducerCounter.PRODUCER_POSITION, published);
}

/** Counts a drain that consumed something: all in bytes but `messages`. */
export function countDrain(
  counters: CounterBlock,
  messages: number,
  messageBytes: number,
  padding: number,
  consumed: number,
  limited: boolean,
): void {
  counters.add(RingConsumerCounter.MESSAGES, messages);
  counters.add(RingConsumerCounter.BYTES, messageBytes);
  counters.add(RingConsumerCounter.DRAINS, 1);
  counters.add(RingConsumerCounter.PADDING_BYTES, padding);
  counters.add(RingConsumerCounter.CONSUMER_POSITION, consumed);
  if (limited) counters.add(RingConsumerCounter.DRAINS_LIMITED, 1);
}
