/** The counters of the reading half of a ring buffer. Written by the consumer's thread. */
export const RingConsumerCounter = {
  /** Messages handed to the handler. */
  MESSAGES: 0,
  /** Drains that found at least one message. */
  DRAINS: 1,
  /** Bytes skipped at the end of the ring. */
  PADDING_BYTES: 2,
  /** Drains that ended at their limit, with messages left. */
  DRAINS_LIMITED: 3,
  /** Bytes of the ring that were given back: headers, messages, alignment and padding. */
  CONSUMER_POSITION: 4,
} as const;

export type RingConsumerCounter = (typeof RingConsumerCounter)[keyof typeof RingConsumerCounter];
