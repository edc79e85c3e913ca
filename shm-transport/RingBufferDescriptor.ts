/**
 * The memory of a ring: the data region, then a trailer of control words. Each line of the trailer has one writer and
 * is 128 bytes long, since processors fetch cache lines of 64 bytes in pairs. Control words are int32 in the machine's
 * byte order and only ever touched by `Atomics`.
 *
 *  byte 0          +------------------------------------------------------------------------+
 *                  |  records (RecordDescriptor); capacity = a power of two, 64 to 2^30     |
 *  capacity        +----------+-----------+------------+------------------------------------+
 *         +   0    |  state   |  version  |  capacity  |      whoever initialises, once     |
 *                  +----------+-----------+------------+------------------------------------+
 *         + 128    |  tail    |  producer state        |      producer; consumer reads      |
 *                  +----------+------------------------+------------------------------------+
 *         + 256    |  head    |  consumer state        |      consumer; producer reads      |
 *         + 384    +----------+------------------------+------------------------------------+
 *
 * Tail and head are free-running positions that wrap at 32 bits: index = position & (capacity - 1), and the bytes
 * between them are (tail - head) | 0, exact as long as the capacity is at most 2^30. Both are multiples of 8.
 */
const CACHE_LINE_PAIR_LENGTH = 128;
const SIZE_OF_INT32 = 4;

/** 0 in fresh memory, `RING_INITIALISING` while one end writes the rest, then `RING_MAGIC` for good. */
export const STATE_OFFSET: number = 0;
export const VERSION_OFFSET: number = STATE_OFFSET + SIZE_OF_INT32; //                 4
export const CAPACITY_OFFSET: number = VERSION_OFFSET + SIZE_OF_INT32; //              8
/** Bytes published. */
export const TAIL_OFFSET: number = STATE_OFFSET + CACHE_LINE_PAIR_LENGTH; //         128
/** 0, or `RING_CLOSED` once nothing more is published. */
export const PRODUCER_STATE_OFFSET: number = TAIL_OFFSET + SIZE_OF_INT32; //         132
/** Bytes consumed. */
export const HEAD_OFFSET: number = TAIL_OFFSET + CACHE_LINE_PAIR_LENGTH; //          256
/** 0, or `RING_CLOSED` once nothing more is consumed. */
export const CONSUMER_STATE_OFFSET: number = HEAD_OFFSET + SIZE_OF_INT32; //         260
/** In bytes, beyond the capacity. */
export const TRAILER_LENGTH: number = HEAD_OFFSET + CACHE_LINE_PAIR_LENGTH; //       384

/** 'FLYR': the state of a ring that is ready. */
export const RING_MAGIC = 0x464c5952;
export const RING_INITIALISING = 1;
export const RING_VERSION = 1;
export const RING_CLOSED = 1;

/** In bytes. */
export const MIN_CAPACITY = 64;
/** In bytes; more would make (tail - head) | 0 ambiguous. */
export const MAX_CAPACITY: number = 2 ** 30;
/** The largest message is 1/8 of the capacity, so that a record with its padding always fits an empty ring. */
export const MAX_MSG_LENGTH_SHIFT = 3;
/** A batch is published when it reaches 1/8 of the capacity: larger ones leave the consumer waiting (measured). */
export const BATCH_LENGTH_SHIFT = 3;
/** The head is published within a drain each 1/4 of the capacity. */
export const HEAD_INTERVAL_SHIFT = 2;
