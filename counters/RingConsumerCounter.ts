/** The counters of the reading half of a ring buffer. Written by the consumer's thread. */
export const RingConsumerCounter = {
  /** Messages handed to the handler. */
  MESSAGES: 0,
  /** Bytes of those messages, without record headers and alignment. */
  BYTES: 1,
  /** Drains that found at least one message. */
  DRAINS: 2,
  /** Bytes skipped at the end of the ring. */
  PADDING_BYTES: 3,
  /** Drains that ended at their limit, with messages left. */
  DRAINS_LIMITED: 4,
  /** Bytes of the ring that were given back: headers, messages, alignment and padding. */
  CONSUMER_POSITION: 5,
} as const;

export type RingConsumerCounter = (typeof RingConsumerCounter)[keyof typeof RingConsumerCounter];
