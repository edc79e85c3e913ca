/** The counters of the writing half of a ring buffer. Written by the producer's thread. */
export const RingProducerCounter = {
  /** Messages committed. */
  MESSAGES: 0,
  /** Batches published. */
  FLUSHES: 1,
  /** Bytes lost at the end of the ring where a record did not fit. */
  PADDING_BYTES: 2,
  /** Claims that the ring was too full for. */
  REFUSED_CLAIMS: 3,
  /** Claims given back. */
  ABORTS: 4,
  /** Bytes of the ring that were published: headers, messages, alignment and padding. */
  PRODUCER_POSITION: 5,
} as const;

export type RingProducerCounter = (typeof RingProducerCounter)[keyof typeof RingProducerCounter];
