import type { DirectBuffer } from './DirectBuffer.ts';
import { FrameFlag } from './FrameFlag.ts';
import { NO_METADATA } from './PayloadFlyweight.ts';

const METADATA_LENGTH_FIELD_OFFSET = 0;
const METADATA_FIELD_OFFSET = METADATA_LENGTH_FIELD_OFFSET + 3;

/**
 * The body that SETUP, REQUEST_RESPONSE, REQUEST_FNF, REQUEST_STREAM, REQUEST_CHANNEL and PAYLOAD end with
 * (spec: "Metadata Optional Header"): metadata, which may be absent, then data up to the end of the frame. Big-endian.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  body 0  |               Metadata length                 |    only if M
 *          +-----------------------------------------------+---------------+
 *       3  |  metadata                                     ... only if M   |
 *          +---------------------------------------------------------------+
 *  0 / 3+n |  data, up to the end of the frame                            ...
 *
 *  M flag   length field   metadata
 *  clear    none           absent: `metadataLength` is NO_METADATA (-1)
 *  set      0              present and empty: 0
 *  set      n              n bytes
 *
 * Static functions only: each flyweight knows where its body starts and delegates to these. `frameOffset` is where the
 * frame starts in the buffer, `bodyOffset` where its body starts in the frame; the offsets returned are absolute.
 *
 * Nothing here validates. A metadata length that reaches beyond the frame is returned as it is and makes `dataLength`
 * negative: a decoder refuses any frame where `dataLength` < 0 before it uses the rest. Where the frame ends before the
 * length field does, `dataLength` is negative too as long as those three bytes lie in the buffer; at the very end of a
 * buffer reading them throws RangeError. Nothing allocates.
 */
export class FrameBodyFlyweight {
  /** Bytes that a body takes. @param metadataLength in bytes, or NO_METADATA */
  static bodyLength(metadataLength: number, dataLength: number): number {
    return metadataLength < 0 ? dataLength : METADATA_FIELD_OFFSET + metadataLength + dataLength;
  }

  /** In bytes, 0 to 2^24 - 1 as the wire says it; NO_METADATA if M is not set. */
  static metadataLength(buffer: DirectBuffer, frameOffset: number, bodyOffset: number, flags: number): number {
    return (flags & FrameFlag.METADATA) === 0 ? NO_METADATA : buffer.getUint24(frameOffset + bodyOffset);
  }

  /** Where the metadata starts in the buffer; of no meaning if M is not set. */
  static metadataOffset(frameOffset: number, bodyOffset: number): number {
    return frameOffset + bodyOffset + METADATA_FIELD_OFFSET;
  }

  /** Where the data starts in the buffer. */
  static dataOffset(buffer: DirectBuffer, frameOffset: number, bodyOffset: number, flags: number): number {
    const start = frameOffset + bodyOffset;
    return (flags & FrameFlag.METADATA) === 0 ? start : start + METADATA_FIELD_OFFSET + buffer.getUint24(start);
  }

  /** In bytes: what the metadata leaves of the frame; negative if the metadata length is a lie. */
  static dataLength(
    buffer: DirectBuffer,
    frameOffset: number,
    bodyOffset: number,
    flags: number,
    frameLength: number,
  ): number {
    return frameOffset + frameLength - FrameBodyFlyweight.dataOffset(buffer, frameOffset, bodyOffset, flags);
  }

  /**
   * Writes the 24-bit length, or nothing for NO_METADATA. The M flag is the caller's to set.
   * @returns where in the buffer to put what comes next: the metadata or, without any, the data
   */
  static putMetadataLength(
    buffer: DirectBuffer,
    frameOffset: number,
    bodyOffset: number,
    metadataLength: number,
  ): number {
    const start = frameOffset + bodyOffset;
    if (metadataLength < 0) return start;
    buffer.putUint24(start, metadataLength);
    return start + METADATA_FIELD_OFFSET;
  }

  /** Writes length and bytes, or nothing for a `length` of NO_METADATA. The M flag is the caller's to set. */
  static putMetadata(
    buffer: DirectBuffer,
    frameOffset: number,
    bodyOffset: number,
    source: DirectBuffer,
    sourceOffset: number,
    length: number,
  ): void {
    const index = FrameBodyFlyweight.putMetadataLength(buffer, frameOffset, bodyOffset, length);
    if (length > 0) buffer.putBuffer(index, source, sourceOffset, length);
  }

  /** Both lengths for a log line. Allocates. */
  static lengthsToString(metadataLength: number, dataLength: number): string {
    return `metadata-length=${metadataLength < 0 ? 'none' : metadataLength} data-length=${dataLength}`;
  }
}
