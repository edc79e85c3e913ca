import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameFlag } from './FrameFlag.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const METADATA_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;

/**
 * View over a METADATA_PUSH frame: metadata for the connection itself (spec: "METADATA_PUSH Frame (0x0C)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (= 0)                      |
 *          +-+---------+-+-+---------------+-------------------------------+
 *       4  |Type (0x0C)|0|M|       0       |
 *          +-----------+-+-+---------------+-------------------------------+
 *       6  | metadata up to the end of the frame; no length field         ...
 *
 *  example   00 00 00 00 | 31 00            | 6d 64
 *            stream 0    | METADATA_PUSH, M | "md"
 *
 * M  always set on sending. Not looked at on reading, since there are peers who forget it.
 */
export class MetadataPushFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'IM';
  static readonly METADATA_FIELD_OFFSET: number = METADATA_FIELD_OFFSET;

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

  static putHeader(buffer: DirectBuffer, offset: number): void {
    FrameHeaderFlyweight.encode(buffer, offset, 0, FrameType.METADATA_PUSH, FrameFlag.METADATA);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get metadataOffset(): number {
    return this.offset + METADATA_FIELD_OFFSET;
  }

  /** In bytes; never NO_METADATA. */
  get metadataLength(): number {
    return this.length - METADATA_FIELD_OFFSET;
  }

  putHeader(): this {
    MetadataPushFlyweight.putHeader(this.buffer, this.offset);
    return this;
  }

  putMetadata(source: DirectBuffer, sourceOffset: number, length: number): this {
    this.buffer.putBuffer(this.offset + METADATA_FIELD_OFFSET, source, sourceOffset, length);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, MetadataPushFlyweight.FLAG_LETTERS);
    return `METADATA_PUSH{stream-id=${this.streamId} flags=${flags} metadata-length=${this.metadataLength}}`;
  }
}
