import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';
import { U31_MASK } from './U31_MASK.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const EXTENDED_TYPE_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;
const EXTENDED_DATA_FIELD_OFFSET = EXTENDED_TYPE_FIELD_OFFSET + 4;

/**
 * View over an EXT frame: a frame type beyond the six bits (spec: "EXT (Extension) Frame (0x3F)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (any)                      |
 *          +-+---------+-+-+---------------+-------------------------------+
 *       4  |Type (0x3F)|I|M|       0       |
 *          +-+---------+-+-+---------------+-------------------------------+
 *       6  |0|                     Extended Type  (> 0)                    |
 *          +-+-------------------------------------------------------------+
 *      10  | what that type says, up to the end of the frame              ...
 *
 *  example   00 00 00 00 | fe 00  | 00 00 00 07 | 61 62
 *            stream 0    | EXT, I | type = 7    | "ab"
 *
 * I  (I)gnore this frame if it is not understood; without it the receiver may close the connection
 * M  (M)etadata is present; where and how long is for the extended type to say
 */
export class ExtFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'IM';
  static readonly EXTENDED_DATA_FIELD_OFFSET: number = EXTENDED_DATA_FIELD_OFFSET;

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

  static putHeader(buffer: DirectBuffer, offset: number, streamId: number, flags: number): void {
    FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.EXT, flags);
  }

  /** 1 to 2^31 - 1; no type is defined so far. */
  static extendedType(buffer: DirectBuffer, offset: number): number {
    return buffer.getInt32(offset + EXTENDED_TYPE_FIELD_OFFSET) & U31_MASK;
  }

  static putExtendedType(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putInt32(offset + EXTENDED_TYPE_FIELD_OFFSET, value & U31_MASK);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get extendedType(): number {
    return ExtFlyweight.extendedType(this.buffer, this.offset);
  }

  get extendedDataOffset(): number {
    return this.offset + EXTENDED_DATA_FIELD_OFFSET;
  }

  /** In bytes. */
  get extendedDataLength(): number {
    return this.length - EXTENDED_DATA_FIELD_OFFSET;
  }

  putHeader(streamId: number, flags: number): this {
    ExtFlyweight.putHeader(this.buffer, this.offset, streamId, flags);
    return this;
  }

  putExtendedType(value: number): this {
    ExtFlyweight.putExtendedType(this.buffer, this.offset, value);
    return this;
  }

  putExtendedData(source: DirectBuffer, sourceOffset: number, length: number): this {
    this.buffer.putBuffer(this.offset + EXTENDED_DATA_FIELD_OFFSET, source, sourceOffset, length);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, ExtFlyweight.FLAG_LETTERS);
    const fields = `extended-type=${this.extendedType}`;
    return `EXT{stream-id=${this.streamId} flags=${flags} ${fields} extended-data-length=${this.extendedDataLength}}`;
  }
}
