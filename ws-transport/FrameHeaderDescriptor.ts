/**
 * The header before each payload on a WebSocket (RFC 6455, 5.2). Big-endian.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-----+-------+-+-------------+-------------------------------+
 *  byte 0  |F|0 0 0| opcode|M|   length    |   length, if that says 126    |
 *          +-+-----+-------+-+-------------+-------------------------------+
 *          |            or, if that says 127, length of 64 bits           ...
 *          +---------------------------------------------------------------+
 *          |         mask, if M is set: always from a client, else never   |
 *          +---------------------------------------------------------------+
 *
 *  F   the last frame of its message: what is sent here consists of one; a message that arrives may consist of several
 *
 *  example   82 | 06 | 00 00 00 01 24 00           a binary message of a server: CANCEL of stream 1
 */
export const FIN_BIT = 0x80;
export const RESERVED_BITS = 0x70;
export const OPCODE_BITS = 0x0f;
export const MASK_BIT = 0x80;
export const LENGTH_BITS = 0x7f;
export const LENGTH_IS_16_BITS = 126;
export const LENGTH_IS_64_BITS = 127;
export const MASK_LENGTH = 4;
export const LONGEST_HEADER = 14;
export const LONGEST_CONTROL_PAYLOAD = 125;

export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
/** Opcodes from here on are of control frames. */
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;
