import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameBodyFlyweight } from './FrameBodyFlyweight.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const BODY_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;

/**
 * View over a REQUEST_RESPONSE frame: one item asked, one answered (spec: "REQUEST_RESPONSE Frame (0x04)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (> 0)                      |
 *          +-+---------+-+-+-+-------------+-------------------------------+
 *       4  |Type (0x04)|0|M|F|      0      |
 *          +-----------+-+-+-+-------------+---------------+---------------+
 *       6  | Metadata length (24 bits), only if M          |
 *          +-----------------------------------------------+---------------+
 *   6 / 9  | metadata (only if M), then data up to the end of the frame   ...
 *
 *  example   00 00 00 01 | 11 00               | 00 00 02 | 6d 64 | 68 69
 *            stream 1    | REQUEST_RESPONSE, M | len 2    | "md"  | "hi"
 *
 * M  (M)etadata is present, though it may be empty
 * F  more fragments (F)ollow, as PAYLOAD frames
 */
export class RequestResponseFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'IMF';
  /** Metadata and data start here: see `FrameBodyFlyweight`. */
  static readonly BODY_OFFSET: number = BODY_OFFSET;

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
    FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.REQUEST_RESPONSE, flags);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  /** In bytes, or NO_METADATA. */
  get metadataLength(): number {
    return FrameBodyFlyweight.metadataLength(this.buffer, this.offset, BODY_OFFSET, this.flags);
  }

  get metadataOffset(): number {
    return FrameBodyFlyweight.metadataOffset(this.offset, BODY_OFFSET);
  }

  get dataOffset(): number {
    return FrameBodyFlyweight.dataOffset(this.buffer, this.offset, BODY_OFFSET, this.flags);
  }

  /** In bytes; negative if the metadata length reaches beyond the frame. */
  get dataLength(): number {
    return FrameBodyFlyweight.dataLength(this.buffer, this.offset, BODY_OFFSET, this.flags, this.length);
  }

  putHeader(streamId: number, flags: number): this {
    RequestResponseFlyweight.putHeader(this.buffer, this.offset, streamId, flags);
    return this;
  }

  /** Writes the 24-bit length and the bytes; M was set by `putHeader`. */
  putMetadata(source: DirectBuffer, sourceOffset: number, length: number): this {
    FrameBodyFlyweight.putMetadata(this.buffer, this.offset, BODY_OFFSET, source, sourceOffset, length);
    return this;
  }

  /** Writes the bytes after the metadata, which was put before. */
  putData(source: DirectBuffer, sourceOffset: number, length: number): this {
    this.buffer.putBuffer(this.dataOffset, source, sourceOffset, length);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, RequestResponseFlyweight.FLAG_LETTERS);
    const lengths = FrameBodyFlyweight.lengthsToString(this.metadataLength, this.dataLength);
    return `REQUEST_RESPONSE{stream-id=${this.streamId} flags=${flags} ${lengths}}`;
  }
}
