/**
 * The memory of a drain queue: the data region, a table of entries, then a trailer of control words, each on a line
 * pair of its own. All words are int32 in the machine's byte order. Entries and control words are changed by `Atomics`
 * alone, but for the heartbeat; a plain read of them is a guess that one of those confirms.
 *
 *  byte 0          +------------------------------------------------------------------------+
 *                  |  records (RecordDescriptor), each on whole units of 32 bytes;          |
 *                  |  capacity = a power of two, 512 to 2^30                                |
 *  capacity        +------------------------------------------------------------------------+
 *                  |  entries: one int32 for each unit, so capacity / 8 bytes               |
 *  capacity * 9/8  +---------------+--------------------------------------------------------+
 *         +   0    |  state        |  whoever initialises, once                             |
 *         + 128    |  tail         |  producers, by compare-and-set                         |
 *         + 256    |  head cache   |  producers: the head as one of them last saw it        |
 *         + 384    |  head         |  whoever drains or wants to, by compare-and-set        |
 *         + 512    |  heartbeat    |  the drainer: counts takings, and each `renew`         |
 *         + 640    +---------------+--------------------------------------------------------+
 *
 * Positions count units, not bytes; they are free-running, wrap at 32 bits (128 GiB) and are compared by subtraction.
 * With capacity = 2^k bytes, the index of a unit is the low k-5 bits of its position; the rest is the lap.
 *
 *              31                          k-5                         2 1   0
 *             +-------------------------------+-------------------------+-----+
 *  position   |  lap                          |  unit                         |
 *             +-------------------------------+-------------------------+-----+
 *  entry      |  lap                          |  length of the record   |state|
 *             |                               |  in units               |     |
 *             +-------------------------+-+-+-------------------------+-----+
 *  head       |  fence                  |t|  position, low k-4 bits         |    t: 1 = taken by a drainer
 *             +-------------------------+-+---------------------------------+
 *
 * The entry of the unit at which a record starts says all about its place: an entry of the tail's lap at the tail means
 * that the place is taken, an older one that it is free. Entries only ever go forward, lap by lap and, within a lap,
 * claimed -> committed or skipped; so a compare-and-set by whoever slept too long fails. The fence does the same for
 * the head: who takes a dead drainer's claim moves it on by one, in the same compare-and-set.
 */
const CACHE_LINE_PAIR_LENGTH = 128;

/** Bytes of one unit: records start at multiples of it. */
export const UNIT_LENGTH = 32;
export const UNIT_SHIFT = 5;
/** The table of entries takes up 1/8 of the capacity: 4 bytes for each 32. */
export const ENTRIES_SHIFT = 3;

/** The low two bits of an entry. */
export const ENTRY_STATE_MASK = 0b11;
/** A producer is writing. */
export const ENTRY_CLAIMED = 0b01;
/** The message is complete. */
export const ENTRY_COMMITTED = 0b10;
/** There is no message: padding to the end of the data region, an aborted claim, or a revoked one. */
export const ENTRY_SKIPPED = 0b11;
/** The length in units lies above the state. */
export const ENTRY_UNITS_SHIFT = 2;

/** Offsets in the trailer. 0 in fresh memory, `DRAIN_QUEUE_INITIALISING` meanwhile, then `DRAIN_QUEUE_MAGIC`. */
export const QUEUE_STATE_OFFSET: number = 0;
export const QUEUE_TAIL_OFFSET: number = QUEUE_STATE_OFFSET + CACHE_LINE_PAIR_LENGTH; //       128
export const QUEUE_HEAD_CACHE_OFFSET: number = QUEUE_TAIL_OFFSET + CACHE_LINE_PAIR_LENGTH; //  256
export const QUEUE_HEAD_OFFSET: number = QUEUE_HEAD_CACHE_OFFSET + CACHE_LINE_PAIR_LENGTH; //  384
export const QUEUE_HEARTBEAT_OFFSET: number = QUEUE_HEAD_OFFSET + CACHE_LINE_PAIR_LENGTH; //   512
/** In bytes, beyond data region and entries. */
export const QUEUE_TRAILER_LENGTH: number = QUEUE_HEARTBEAT_OFFSET + CACHE_LINE_PAIR_LENGTH; // 640

/** 'FLD' and the version of this layout. */
export const DRAIN_QUEUE_MAGIC = 0x464c4402;
export const DRAIN_QUEUE_INITIALISING = 1;

/** In bytes: below it the longest record does not fit the length field of an entry. */
export const MIN_QUEUE_CAPACITY = 512;
/** In bytes: above it the fence has too few bits. */
export const MAX_QUEUE_CAPACITY: number = 2 ** 30;
