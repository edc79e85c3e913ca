import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';

/** How many bytes of the text `toString` shows. */
const MOST_BYTES_SHOWN = 256;

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const ERROR_CODE_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;
const DATA_FIELD_OFFSET = ERROR_CODE_FIELD_OFFSET + 4;

/**
 * View over an ERROR frame: the end of a stream or, on stream 0, of the connection (spec: "ERROR Frame (0x0B)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString` and `dataUtf8`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (any)                      |
 *          +-+---------+-------------------+-------------------------------+
 *       4  |Type (0x0B)|         0         |
 *          +-----------+-------------------+-------------------------------+
 *       6  |                           Error Code                          |
 *          +---------------------------------------------------------------+
 *      10  | data: UTF-8 text, up to the end of the frame                 ...
 *
 *  example   00 00 00 01 | 2c 00 | 00 00 02 01  | 64
 *            stream 1    | ERROR | code = 0x201 | "d"
 *
 * Its codes: `ErrorCode`.
 */
export class ErrorFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'I';
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

  static putHeader(buffer: DirectBuffer, offset: number, streamId: number): void {
    FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.ERROR, 0);
  }

  /** Unsigned: 0 to 2^32 - 1, of which the application has 0x301 to 0xFFFFFFFE. */
  static errorCode(buffer: DirectBuffer, offset: number): number {
    return errorCodeOf(buffer, offset);
  }

  static putErrorCode(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putUint32(offset + ERROR_CODE_FIELD_OFFSET, value);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get errorCode(): number {
    return ErrorFlyweight.errorCode(this.buffer, this.offset);
  }

  get dataOffset(): number {
    return this.offset + DATA_FIELD_OFFSET;
  }

  /** In bytes. */
  get dataLength(): number {
    return this.length - DATA_FIELD_OFFSET;
  }

  /** The data as text; malformed bytes become U+FFFD. Allocates. */
  dataUtf8(): string {
    return this.buffer.getUtf8(this.dataOffset, this.dataLength);
  }

  putHeader(streamId: number): this {
    ErrorFlyweight.putHeader(this.buffer, this.offset, streamId);
    return this;
  }

  putErrorCode(value: number): this {
    ErrorFlyweight.putErrorCode(this.buffer, this.offset, value);
    return this;
  }

  putData(source: DirectBuffer, sourceOffset: number, length: number): this {
    this.buffer.putBuffer(this.offset + DATA_FIELD_OFFSET, source, sourceOffset, length);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, ErrorFlyweight.FLAG_LETTERS);
    const code = `0x${this.errorCode.toString(16).padStart(8, '0')}`;
    const shown = Math.min(this.dataLength, MOST_BYTES_SHOWN);
    const data = JSON.stringify(this.buffer.getUtf8(this.dataOffset, shown));
    const rest = shown < this.dataLength ? `...(${this.dataLength} bytes)` : '';
    return `ERROR{stream-id=${this.streamId} flags=${flags} error-code=${code} data=${data}${rest}}`;
  }
}

/** `ErrorFlyweight.errorCode`, for who bundles no more than that. */
export function errorCodeOf(buffer: DirectBuffer, offset: number): number {
  return buffer.getUint32(offset + ERROR_CODE_FIELD_OFFSET);
}
