import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameBodyFlyweight } from './FrameBodyFlyweight.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';
import { U31_MASK } from './U31_MASK.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const INITIAL_REQUEST_N_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;
const BODY_OFFSET = INITIAL_REQUEST_N_FIELD_OFFSET + 4;

/**
 * View over a REQUEST_STREAM frame: one item asked, many answered (spec: "REQUEST_STREAM Frame (0x06)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (> 0)                      |
 *          +-+---------+-+-+-+-------------+-------------------------------+
 *       4  |Type (0x06)|0|M|F|      0      |
 *          +-+---------+-+-+-+-------------+-------------------------------+
 *       6  |0|                   Initial Request N  (> 0)                  |
 *          +-+---------------------------------------------+---------------+
 *      10  | Metadata length (24 bits), only if M          |
 *          +-----------------------------------------------+---------------+
 * 10 / 13  | metadata (only if M), then data up to the end of the frame   ...
 *
 *  example   00 00 00 01 | 19 00             | 00 00 00 10 | 00 00 01 | 61  | 62
 *            stream 1    | REQUEST_STREAM, M | n = 16      | len 1    | "a" | "b"
 *
 * M  (M)etadata is present, though it may be empty
 * F  more fragments (F)ollow, as PAYLOAD frames
 */
export class RequestStreamFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'IMF';
  static readonly INITIAL_REQUEST_N_FIELD_OFFSET: number = INITIAL_REQUEST_N_FIELD_OFFSET;
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
    FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.REQUEST_STREAM, flags);
  }

  /** How many items the requester will take for now: 1 to 2^31 - 1 payloads. */
  static initialRequestN(buffer: DirectBuffer, offset: number): number {
    return initialRequestNOf(buffer, offset);
  }

  static putInitialRequestN(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putInt32(offset + INITIAL_REQUEST_N_FIELD_OFFSET, value & U31_MASK);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get initialRequestN(): number {
    return RequestStreamFlyweight.initialRequestN(this.buffer, this.offset);
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
    RequestStreamFlyweight.putHeader(this.buffer, this.offset, streamId, flags);
    return this;
  }

  putInitialRequestN(value: number): this {
    RequestStreamFlyweight.putInitialRequestN(this.buffer, this.offset, value);
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
    const flags = flagsToString(this.flags, RequestStreamFlyweight.FLAG_LETTERS);
    const lengths = FrameBodyFlyweight.lengthsToString(this.metadataLength, this.dataLength);
    const fields = `initial-request-n=${this.initialRequestN}`;
    return `REQUEST_STREAM{stream-id=${this.streamId} flags=${flags} ${fields} ${lengths}}`;
  }
}

/** `RequestStreamFlyweight.initialRequestN`, for who bundles no more than that. */
export function initialRequestNOf(buffer: DirectBuffer, offset: number): number {
  return buffer.getInt32(offset + INITIAL_REQUEST_N_FIELD_OFFSET) & U31_MASK;
}
