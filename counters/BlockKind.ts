/** What a block of counters counts: one kind, one list of fields. */
export const BlockKind = {
  /** A thread and its drain loop: `ThreadCounter`. */
  THREAD: 1,
  /** One end of a connection: `LinkCounter`. */
  LINK: 2,
  /** The writing half of a ring buffer: `RingProducerCounter`. */
  RING_PRODUCER: 3,
  /** The reading half of a ring buffer: `RingConsumerCounter`. */
  RING_CONSUMER: 4,
  /** A pool of buffers: `PoolCounter`. */
  POOL: 5,
} as const;

export type BlockKind = (typeof BlockKind)[keyof typeof BlockKind];
