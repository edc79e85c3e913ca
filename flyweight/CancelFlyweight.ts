import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const FRAME_LENGTH = TYPE_AND_FLAGS_FIELD_OFFSET + 2;

/**
 * View over a CANCEL frame: the sender wants no more of this stream (spec: "CANCEL Frame (0x09)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (> 0)                      |
 *          +-+---------+-------------------+-------------------------------+
 *       4  |Type (0x09)|         0         |
 *          +-----------+-------------------+-------------------------------+
 *
 *  example   00 00 00 01 | 24 00
 *            stream 1    | CANCEL
 *
 * It is its header and no more: 6 bytes.
 */
export class CancelFlyweight {
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
    FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.CANCEL, 0);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  putHeader(streamId: number): this {
    CancelFlyweight.putHeader(this.buffer, this.offset, streamId);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, CancelFlyweight.FLAG_LETTERS);
    return `CANCEL{stream-id=${this.streamId} flags=${flags}}`;
  }
}
