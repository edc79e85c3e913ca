import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';
import { U31_MASK } from './U31_MASK.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const REQUEST_N_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;
const FRAME_LENGTH = REQUEST_N_FIELD_OFFSET + 4;

/**
 * View over a REQUEST_N frame: credit for more items (spec: "REQUEST_N Frame (0x08)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (> 0)                      |
 *          +-+---------+-------------------+-------------------------------+
 *       4  |Type (0x08)|         0         |
 *          +-+---------+-------------------+-------------------------------+
 *       6  |0|                       Request N  (> 0)                      |
 *          +-+-------------------------------------------------------------+
 *
 *  example   00 00 00 01 | 20 00     | 00 00 00 05
 *            stream 1    | REQUEST_N | n = 5
 *
 * Credits add up and are never taken back.
 */
export class RequestNFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'I';
  static readonly FRAME_LENGTH: number = FRAME_LENGTH;

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

  static putHeader(buffer: DirectBuffer, offset: number, streamId: number): void {
    FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.REQUEST_N, 0);
  }

  /** 1 to 2^31 - 1 payloads; the greatest is read as "no bound" by most implementations. */
  static requestN(buffer: DirectBuffer, offset: number): number {
    return requestNOf(buffer, offset);
  }

  static putRequestN(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putInt32(offset + REQUEST_N_FIELD_OFFSET, value & U31_MASK);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get requestN(): number {
    return RequestNFlyweight.requestN(this.buffer, this.offset);
  }

  putHeader(streamId: number): this {
    RequestNFlyweight.putHeader(this.buffer, this.offset, streamId);
    return this;
  }

  putRequestN(value: number): this {
    RequestNFlyweight.putRequestN(this.buffer, this.offset, value);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, RequestNFlyweight.FLAG_LETTERS);
    return `REQUEST_N{stream-id=${this.streamId} flags=${flags} request-n=${this.requestN}}`;
  }
}

/** `RequestNFlyweight.requestN`, for who bundles no more than that. */
export function requestNOf(buffer: DirectBuffer, offset: number): number {
  return buffer.getInt32(offset + REQUEST_N_FIELD_OFFSET) & U31_MASK;
}
