import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { flagsToString } from './flagsToString.ts';
import { U31_MASK } from './U31_MASK.ts';

const FLAGS_BITS = 10;
//                 TTTTTT_IMF.......
const FLAGS_MASK = 0b000000_1111111111;

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const HEADER_LENGTH = TYPE_AND_FLAGS_FIELD_OFFSET + 2;

/**
 * View over the header that every frame begins with (spec: "Frame Header Format"). Big-endian. Owns no bytes.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                         Stream ID                           |
 *          +-----------+-+-+---------------+-------------------------------+
 *       4  |   Type    |I|M|     Flags     |
 *          +-----------+-+-+---------------+-------------------------------+
 *       6  |  the rest of the frame, by its type                          ...
 *
 *  example   00 00 00 01 | 24 00
 *            stream 1    | CANCEL
 *
 * Stream ID 0 is the connection itself; the reserved bit above it is masked on reading and cleared on writing.
 * Type and flags share 16 bits: TTTTTT_IMF.......
 *
 * Nothing here checks a length: whoever got the frame has seen that it has at least `HEADER_LENGTH` bytes. Nothing
 * allocates but `toString`. Every `offset` is where the frame starts in the buffer, without any length prefix.
 */
export class FrameHeaderFlyweight {
  static readonly STREAM_ID_FIELD_OFFSET: number = STREAM_ID_FIELD_OFFSET;
  static readonly TYPE_AND_FLAGS_FIELD_OFFSET: number = TYPE_AND_FLAGS_FIELD_OFFSET;
  /** Bytes of the header; the fields of each frame type start here. */
  static readonly HEADER_LENGTH: number = HEADER_LENGTH;

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

  /** Writes the whole header. `streamId` is cut to 31 bits, `type` to 6 and `flags` to 10. */
  static encode(buffer: DirectBuffer, offset: number, streamId: number, type: number, flags: number): void {
    buffer.putInt32(offset + STREAM_ID_FIELD_OFFSET, streamId & U31_MASK);
    buffer.putUint16(offset + TYPE_AND_FLAGS_FIELD_OFFSET, (type << FLAGS_BITS) | (flags & FLAGS_MASK));
  }

  /** 0 to 2^31 - 1. */
  static streamId(buffer: DirectBuffer, offset: number): number {
    return streamIdOf(buffer, offset);
  }

  /** Writes the stream id and nothing else: all that forwarding a frame to another connection changes. */
  static putStreamId(buffer: DirectBuffer, offset: number, streamId: number): void {
    buffer.putInt32(offset + STREAM_ID_FIELD_OFFSET, streamId & U31_MASK);
  }

  /** The 16 bits that hold both: one read where both are wanted, then `typeOf` and `flagsOf`. */
  static typeAndFlags(buffer: DirectBuffer, offset: number): number {
    return typeAndFlagsOf(buffer, offset);
  }

  static typeOf(typeAndFlags: number): number {
    return typeOf(typeAndFlags);
  }

  static flagsOf(typeAndFlags: number): number {
    return flagsOf(typeAndFlags);
  }

  /** A `FrameType`, or any other value from 0 to 63. */
  static type(buffer: DirectBuffer, offset: number): number {
    return typeOf(typeAndFlagsOf(buffer, offset));
  }

  /** The ten `FrameFlag` bits. */
  static flags(buffer: DirectBuffer, offset: number): number {
    return flagsOf(typeAndFlagsOf(buffer, offset));
  }

  /** Replaces the flags and leaves the type. */
  static putFlags(buffer: DirectBuffer, offset: number, flags: number): void {
    const type = typeAndFlagsOf(buffer, offset) & ~FLAGS_MASK;
    buffer.putUint16(offset + TYPE_AND_FLAGS_FIELD_OFFSET, type | (flags & FLAGS_MASK));
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get type(): number {
    return FrameHeaderFlyweight.type(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  putHeader(streamId: number, type: number, flags: number): this {
    FrameHeaderFlyweight.encode(this.buffer, this.offset, streamId, type, flags);
    return this;
  }

  putStreamId(streamId: number): this {
    FrameHeaderFlyweight.putStreamId(this.buffer, this.offset, streamId);
    return this;
  }

  putFlags(flags: number): this {
    FrameHeaderFlyweight.putFlags(this.buffer, this.offset, flags);
    return this;
  }

  toString(): string {
    const type = this.type.toString(16).padStart(2, '0');
    const flags = flagsToString(this.flags, 'IM');
    return `FRAME{stream-id=${this.streamId} type=0x${type} flags=${flags} length=${this.length}}`;
  }
}

/** `FrameHeaderFlyweight.streamId`, for who bundles no more than that. */
export function streamIdOf(buffer: DirectBuffer, offset: number): number {
  return buffer.getInt32(offset + STREAM_ID_FIELD_OFFSET) & U31_MASK;
}

/** `FrameHeaderFlyweight.typeAndFlags`, for who bundles no more than that. */
export function typeAndFlagsOf(buffer: DirectBuffer, offset: number): number {
  return buffer.getUint16(offset + TYPE_AND_FLAGS_FIELD_OFFSET);
}

/** The `FrameType` in what `typeAndFlagsOf` returned, or any other value from 0 to 63. */
export function typeOf(typeAndFlags: number): number {
  return typeAndFlags >>> FLAGS_BITS;
}

/** The ten `FrameFlag` bits in what `typeAndFlagsOf` returned. */
export function flagsOf(typeAndFlags: number): number {
  return typeAndFlags & FLAGS_MASK;
}
