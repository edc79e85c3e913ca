import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const LAST_RECEIVED_CLIENT_POSITION_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;
const FRAME_LENGTH = LAST_RECEIVED_CLIENT_POSITION_FIELD_OFFSET + 8;

/**
 * View over a RESUME_OK frame: the server takes the connection up again (spec: "RESUME_OK Frame (0x0E)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (= 0)                      |
 *          +-+---------+-------------------+-------------------------------+
 *       4  |Type (0x0E)|         0         |
 *          +-+---------+-------------------+-------------------------------+
 *       6  |0|                                                             |
 *          +            Last Received Client Position  (64 bits)           +
 *          |                                                               |
 *          +---------------------------------------------------------------+
 *
 *  example   00 00 00 00 | 38 00     | 00 00 00 00 00 00 00 2b
 *            stream 0    | RESUME_OK | position = 43
 *
 * The client sends again what it sent from that position on.
 */
export class ResumeOkFlyweight {
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

  static putHeader(buffer: DirectBuffer, offset: number): void {
    FrameHeaderFlyweight.encode(buffer, offset, 0, FrameType.RESUME_OK, 0);
  }

  /** In bytes, exact to 2^53; 2^63 and more is a violation. */
  static lastReceivedClientPosition(buffer: DirectBuffer, offset: number): number {
    return buffer.getUint64(offset + LAST_RECEIVED_CLIENT_POSITION_FIELD_OFFSET);
  }

  static putLastReceivedClientPosition(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putUint64(offset + LAST_RECEIVED_CLIENT_POSITION_FIELD_OFFSET, value);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get lastReceivedClientPosition(): number {
    return ResumeOkFlyweight.lastReceivedClientPosition(this.buffer, this.offset);
  }

  putHeader(): this {
    ResumeOkFlyweight.putHeader(this.buffer, this.offset);
    return this;
  }

  putLastReceivedClientPosition(value: number): this {
    ResumeOkFlyweight.putLastReceivedClientPosition(this.buffer, this.offset, value);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, ResumeOkFlyweight.FLAG_LETTERS);
    const fields = `last-received-client-position=${this.lastReceivedClientPosition}`;
    return `RESUME_OK{stream-id=${this.streamId} flags=${flags} ${fields}}`;
  }
}
