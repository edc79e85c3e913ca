/** The counters of the writing half of a ring buffer. Written by the producer's thread. */
export const RingProducerCounter = {
  /** Batches published. */
  FLUSHES: 0,
  /** Bytes lost at the end of the ring where a record did not fit. */
  PADDING_BYTES: 1,
  /** Claims that the ring was too full for. */
  REFUSED_CLAIMS: 2,
  /** Claims given back. */
  ABORTS: 3,
  /** Bytes of the ring that were published: headers, messages, alignment and padding. */
  PRODUCER_POSITION: 4,
} as const;

export type RingProducerCounter = (typeof RingProducerCounter)[keyof typeof RingProducerCounter];
