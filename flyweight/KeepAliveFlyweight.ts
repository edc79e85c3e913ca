import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const LAST_RECEIVED_POSITION_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;
const DATA_FIELD_OFFSET = LAST_RECEIVED_POSITION_FIELD_OFFSET + 8;

/**
 * View over a KEEPALIVE frame: a sign of life, and an echo of one (spec: "KEEPALIVE Frame (0x03)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (= 0)                      |
 *          +-+---------+-+-+-+-------------+-------------------------------+
 *       4  |Type (0x03)|0|0|R|      0      |
 *          +-+---------+-+-+-+-------------+-------------------------------+
 *       6  |0|                                                             |
 *          +    Last Received Position  (64 bits; 0 without resumption)    +
 *          |                                                               |
 *          +---------------------------------------------------------------+
 *      14  | data, up to the end of the frame                             ...
 *
 *  example   00 00 00 00 | 0c 80        | 00 00 00 00 00 00 00 2a | 64
 *            stream 0    | KEEPALIVE, R | position = 42           | "d"
 *
 * R  (R)espond: send the same data back in a KEEPALIVE without R
 */
export class KeepAliveFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'I-R';
  static readonly DATA_FIELD_OFFSET: number = DATA_FIELD_OFFSET;

  buffer: DirectBuffer = EMPTY_BUFFER;
  /** Where the frame starts in `buffer`. */
  offset = 0;
  /** Of the whole frame, in bytes. */
  length = 0;

  wrap(buffer: DirectBuffer, offset: number, length: number): this {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
    return this;
  }

  static putHeader(buffer: DirectBuffer, offset: number, flags: number): void {
    FrameHeaderFlyweight.encode(buffer, offset, 0, FrameType.KEEPALIVE, flags);
  }

  /** In bytes, exact to 2^53; 2^63 and more is a violation. */
  static lastReceivedPosition(buffer: DirectBuffer, offset: number): number {
    return lastReceivedPositionOf(buffer, offset);
  }

  static putLastReceivedPosition(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putUint64(offset + LAST_RECEIVED_POSITION_FIELD_OFFSET, value);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get lastReceivedPosition(): number {
    return KeepAliveFlyweight.lastReceivedPosition(this.buffer, this.offset);
  }

  get dataOffset(): number {
    return this.offset + DATA_FIELD_OFFSET;
  }

  /** In bytes. */
  get dataLength(): number {
    return this.length - DATA_FIELD_OFFSET;
  }

  putHeader(flags: number): this {
    KeepAliveFlyweight.putHeader(this.buffer, this.offset, flags);
    return this;
  }

  putLastReceivedPosition(value: number): this {
    KeepAliveFlyweight.putLastReceivedPosition(this.buffer, this.offset, value);
    return this;
  }

  putData(source: DirectBuffer, sourceOffset: number, length: number): this {
    this.buffer.putBuffer(this.offset + DATA_FIELD_OFFSET, source, sourceOffset, length);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, KeepAliveFlyweight.FLAG_LETTERS);
    const fields = `last-received-position=${this.lastReceivedPosition}`;
    return `KEEPALIVE{stream-id=${this.streamId} flags=${flags} ${fields} data-length=${this.dataLength}}`;
  }
}

/** `KeepAliveFlyweight.lastReceivedPosition`, for who bundles no more than that. */
export function lastReceivedPositionOf(buffer: DirectBuffer, offset: number): number {
  return buffer.getUint64(offset + LAST_RECEIVED_POSITION_FIELD_OFFSET);
}
