/**
 * The memory in which a process counts: a header, a directory, and one block of counters for each directory entry.
 * Everything is in the machine's own byte order, for it never leaves the process. Offsets are in bytes.
 *
 *  memory     | header, 128 | directory: maxBlocks entries of 64 | blocks: maxBlocks of 256 |
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +---------------------------------------------------------------+
 *  header 0|                      Magic (0x464c5943)                       |
 *          +---------------------------------------------------------------+
 *         4|                         Version (1)                           |
 *          +---------------------------------------------------------------+
 *         8|                      Max blocks (> 0, even)                   |
 *          +---------------------------------------------------------------+
 *        12|      Next block: where the next search for a free one begins  |   Atomics, every thread
 *          +---------------------------------------------------------------+
 *        16|          Refusals: blocks asked for when all were taken       |   Atomics, every thread
 *          +---------------------------------------------------------------+
 *
 *          +-----------------------------------------------------------+---+
 *  entry  0|                    Generation (30 bits)                   | S |   Atomics; S = state
 *          +-------------------------------+-----------------------------+-+
 *         4|           Label length (16)   |          Kind (16)            |   as one word: length << 16 | kind
 *          +-------------------------------+-------------------------------+
 *         8|            Owner: number of the thread that counts            |
 *          +---------------------------------------------------------------+
 *        12|                           (unused)                            |
 *          +---------------------------------------------------------------+
 *        16|  Label, UTF-8, 48 bytes                                      ...
 *          +---------------------------------------------------------------+
 *
 *          +---------------------------------------------------------------+
 *  block  0|                     Counter 0, lower 32 bits                  |   one writer: its owner
 *          +---------------------------------------------------------------+
 *         4|                     Counter 0, upper 32 bits                  |
 *          +---------------------------------------------------------------+
 *         8|  Counter 1 ... Counter 31                                    ...
 *          +---------------------------------------------------------------+
 *
 *  state        means                                 next
 *  0 FREE       nobody counts; the last numbers stay  CLAIMED, generation + 1, by compareExchange
 *  1 CLAIMED    the claimer writes entry and zeros    LIVE, by store
 *  2 LIVE       the owner counts                      FREE, by compareExchange
 *
 * Whoever reads an entry or a counter reads the generation again afterwards: if it has not changed, what was read
 * belongs to it. A block starts on a multiple of 128 bytes, two cache lines, because processors fetch lines in pairs:
 * so two threads that count never slow each other.
 *
 * A carry goes in three steps, and a reader can tell the value in each. L is the lower word's top bit.
 *
 *  upper word    L    value                              the writer
 *  upper         .    upper * 2^32 + lower
 *  ~upper        1    upper * 2^32 + lower               has announced the carry
 *  ~upper        0    (upper + 1) * 2^32 + lower         has written the lower word
 *  upper + 1     .    (upper + 1) * 2^32 + lower         has written the upper word
 */
export const MAGIC: 0x464c5943 = 0x464c5943;
export const VERSION: 1 = 1;

const SIZE_OF_INT32 = 4;
const SIZE_OF_CACHE_LINE_PAIR = 128;

export const MAGIC_FIELD_OFFSET: number = 0;
export const VERSION_FIELD_OFFSET: number = MAGIC_FIELD_OFFSET + SIZE_OF_INT32; // 4
export const MAX_BLOCKS_FIELD_OFFSET: number = VERSION_FIELD_OFFSET + SIZE_OF_INT32; // 8
export const NEXT_BLOCK_FIELD_OFFSET: number = MAX_BLOCKS_FIELD_OFFSET + SIZE_OF_INT32; // 12
export const REFUSALS_FIELD_OFFSET: number = NEXT_BLOCK_FIELD_OFFSET + SIZE_OF_INT32; // 16
const HEADER_LENGTH = SIZE_OF_CACHE_LINE_PAIR;

export const STATE_FIELD_OFFSET: number = 0;
export const KIND_FIELD_OFFSET: number = STATE_FIELD_OFFSET + SIZE_OF_INT32; // 4
export const OWNER_FIELD_OFFSET: number = KIND_FIELD_OFFSET + SIZE_OF_INT32; // 8
export const LABEL_FIELD_OFFSET: number = OWNER_FIELD_OFFSET + 2 * SIZE_OF_INT32; // 16
/** Longest label in bytes of UTF-8; a longer one is cut. */
export const MAX_LABEL_LENGTH: number = 48;
const ENTRY_LENGTH = LABEL_FIELD_OFFSET + MAX_LABEL_LENGTH; // 64

/** Room for 32 counters. */
export const BLOCK_LENGTH: number = 2 * SIZE_OF_CACHE_LINE_PAIR;

export const STATE_FREE: 0 = 0;
export const STATE_CLAIMED: 1 = 1;
export const STATE_LIVE: 2 = 2;
export const STATE_BITS: 2 = 2;
export const STATE_MASK: 3 = 3;

/** Blocks of a region unless said otherwise: 82,048 bytes in all. */
export const DEFAULT_MAX_BLOCKS: number = 256;

/** Bytes that a region of `maxBlocks` (even) takes. */
export function memoryLength(maxBlocks: number): number {
  return blockOffset(maxBlocks, maxBlocks);
}

/** Where the directory entry of block `index` starts. */
export function entryOffset(index: number): number {
  return HEADER_LENGTH + index * ENTRY_LENGTH;
}

/** Where the counters of block `index` start. */
export function blockOffset(maxBlocks: number, index: number): number {
  return HEADER_LENGTH + maxBlocks * ENTRY_LENGTH + index * BLOCK_LENGTH;
}
