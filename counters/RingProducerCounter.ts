/** The counters of the writing half of a ring buffer. Written by the producer's thread. */
export const RingProducerCounter = {
  /** Messages committed. */
  MESSAGES: 0,
  /** Bytes of those messages, without record headers and alignment. */
  BYTES: 1,
  /** Batches published. */
  FLUSHES: 2,
  /** Bytes lost at the end of the ring where a record did not fit. */
  PADDING_BYTES: 3,
  /** Claims that the ring was too full for. */
  REFUSED_CLAIMS: 4,
  /** Claims given back. */
  ABORTS: 5,
  /** Bytes of the ring that were published: headers, messages, alignment and padding. */
  PRODUCER_POSITION: 6,
} as const;

export type RingProducerCounter = (typeof RingProducerCounter)[keyof typeof RingProducerCounter];
