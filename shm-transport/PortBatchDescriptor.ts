/**
 * Frames that cross a port together lie in one ArrayBuffer, which is transferred and not copied.
 *
 *         0                   1                   2                   3
 *         0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *        +---------------------------------------------------------------+
 *       0|             Bytes in use, these eight included                |
 *        +---------------------------------------------------------------+
 *       4|             Batches given back with this one                  |
 *        +===============================================================+
 *       8|             Place of the frame in the batch                   |  a record, on an 8-byte boundary
 *        +---------------------------------------------------------------+
 *      12|             Length of the frame                               |
 *        +---------------------------------------------------------------+
 *      16|  Padding, 0 to 7 bytes  |  Frame ...
 *        +---------------------------------------------------------------+
 *
 * All are big-endian. The padding puts a frame where its large part is congruent with its source modulo 8. An empty
 * batch has no use: what is given back without frames travels as an array, `[count, ...buffers]`.
 */
export const USED_FIELD_OFFSET = 0;
export const GIVEN_BACK_FIELD_OFFSET = 4;
export const BATCH_HEADER_LENGTH = 8;

/** Within a record. */
export const FRAME_PLACE_FIELD_OFFSET = 0;
export const FRAME_LENGTH_FIELD_OFFSET = 4;
export const FRAME_RECORD_HEADER_LENGTH = 8;
/** The longest padding before a frame. */
export const MAX_FRAME_PADDING = 7;
