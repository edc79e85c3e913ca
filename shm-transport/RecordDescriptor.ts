/**
 * A record of the ring. Both header fields are int32 in the machine's byte order; the record starts on an 8-byte
 * boundary and takes up its length rounded up to 8. A record is always contiguous, so a flyweight can be laid on it.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +---------------------------------------------------------------+
 *  byte 0  |       Length (>= 8): this header and the message, unrounded   |
 *          +---------------------------------------------------------------+
 *       4  |       Type (>= 1): the sender's; -1: padding                  |
 *          +---------------------------------------------------------------+
 *       8  |       Message, up to Length; then 0 to 7 bytes of no meaning  ...
 *
 * A padding record has no message and reaches to the end of the data region: the next record starts at index 0.
 */
export const LENGTH_FIELD_OFFSET: 0 = 0;
export const TYPE_FIELD_OFFSET: 4 = 4;
/** Bytes before the message. */
export const RECORD_HEADER_LENGTH: 8 = 8;
/** Records start at multiples of this many bytes. */
export const RECORD_ALIGNMENT: 8 = 8;
/** The type of a record that only fills the space up to the end of the data region. */
export const PADDING_MSG_TYPE_ID: -1 = -1;
/** The least type that a message may have. */
export const MIN_MSG_TYPE_ID: 1 = 1;
