import { type CounterBlock, RingConsumerCounter } from '../counters/index.ts';

/** Counts a drain that consumed something: all in bytes but `messages`. */
export function countDrain(
  counters: CounterBlock,
  messages: number,
  padding: number,
  consumed: number,
  limited: boolean,
): void {
  counters.add(RingConsumerCounter.MESSAGES, messages);
  counters.add(RingConsumerCounter.DRAINS, 1);
  if (padding !== 0) counters.add(RingConsumerCounter.PADDING_BYTES, padding);
  counters.add(RingConsumerCounter.CONSUMER_POSITION, consumed);
  if (limited) counters.add(RingConsumerCounter.DRAINS_LIMITED, 1);
}
