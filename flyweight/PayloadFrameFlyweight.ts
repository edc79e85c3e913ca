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
 * View over a PAYLOAD frame: an item of a stream, its end, or both (spec: "PAYLOAD Frame (0x0A)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (> 0)                      |
 *          +-+---------+-+-+-+-+-+---------+-------------------------------+
 *       4  |Type (0x0A)|0|M|F|C|N|    0    |
 *          +-----------+-+-+-+-+-+---------+---------------+---------------+
 *       6  | Metadata length (24 bits), only if M          |
 *          +-----------------------------------------------+---------------+
 *   6 / 9  | metadata (only if M), then data up to the end of the frame   ...
 *
 *  example   0a 0b 0c 0d      | 29 60          | 00 00 0a | 3c 6d 65 74 61 64 61 74 61 3e
 *            stream 168496141 | PAYLOAD, M C N | len 10   | "<metadata>"
 *            3c 64 61 74 61 3e
 *            "<data>"
 *
 * M  (M)etadata is present, though it may be empty
 * F  more fragments (F)ollow
 * C  (C)omplete: the sender's half of the stream ends here; ignored where F is set
 * N  (N)ext: this is an item, though its data may be empty
 *
 * C, N or both are set, neither is a violation; fragments have N. A payload without a frame is a `PayloadFlyweight`.
 */
export class PayloadFrameFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'IMFCN';
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
    FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.PAYLOAD, flags);
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
    PayloadFrameFlyweight.putHeader(this.buffer, this.offset, streamId, flags);
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
    const flags = flagsToString(this.flags, PayloadFrameFlyweight.FLAG_LETTERS);
    const lengths = FrameBodyFlyweight.lengthsToString(this.metadataLength, this.dataLength);
    return `PAYLOAD{stream-id=${this.streamId} flags=${flags} ${lengths}}`;
  }
}
