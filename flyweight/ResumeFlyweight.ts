import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const MAJOR_VERSION_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;
const MINOR_VERSION_FIELD_OFFSET = MAJOR_VERSION_FIELD_OFFSET + 2;
const RESUME_TOKEN_LENGTH_FIELD_OFFSET = MINOR_VERSION_FIELD_OFFSET + 2;
const RESUME_TOKEN_FIELD_OFFSET = RESUME_TOKEN_LENGTH_FIELD_OFFSET + 2;

/**
 * View over a RESUME frame: a client takes a lost connection up again (spec: "RESUME Frame (0x0D)"). Big-endian.
 * Owns no bytes, checks none (the codec does), allocates only in `toString` and `copyOfResumeToken`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (= 0)                      |
 *          +-+---------+-------------------+-------------------------------+
 *       4  |Type (0x0D)|         0         |
 *          +-----------+-------------------+-------------------------------+
 *    6, 8  |         Major Version         |         Minor Version         |
 *          +-------------------------------+-------------------------------+
 *  10, 12  |          Token Length         | token                        ...
 *          +-+-----------------------------+-------------------------------+
 *       p  |0|                                                             |
 *          +            Last Received Server Position  (64 bits)           +
 *          |                                                               |
 *          +-+-------------------------------------------------------------+
 *       q  |0|                                                             |
 *          +           First Available Client Position  (64 bits)          +
 *          |                                                               |
 *          +---------------------------------------------------------------+
 *
 *  example   00 00 00 00 | 34 00  | 00 01     | 00 00     | 00 03 | 74 6f 6b
 *            stream 0    | RESUME | major = 1 | minor = 0 | len 3 | "tok"
 *            00 00 00 00 00 00 00 2a | 00 00 00 00 00 00 00 07
 *            server position = 42    | client position = 7
 *
 * p = 12 + token length
 * q = p + 8
 *
 * Positions are bytes from the start of the session, exact to 2^53.
 */
export class ResumeFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'I';
  static readonly RESUME_TOKEN_LENGTH_FIELD_OFFSET: number = RESUME_TOKEN_LENGTH_FIELD_OFFSET;
  static readonly RESUME_TOKEN_FIELD_OFFSET: number = RESUME_TOKEN_FIELD_OFFSET;

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

  /** Bytes of a RESUME frame with a token of so many bytes. */
  static frameLength(resumeTokenLength: number): number {
    return RESUME_TOKEN_FIELD_OFFSET + resumeTokenLength + 16;
  }

  static putHeader(buffer: DirectBuffer, offset: number): void {
    FrameHeaderFlyweight.encode(buffer, offset, 0, FrameType.RESUME, 0);
  }

  /** The RSocket version that the client speaks: 1 for 1.0. */
  static majorVersion(buffer: DirectBuffer, offset: number): number {
    return buffer.getUint16(offset + MAJOR_VERSION_FIELD_OFFSET);
  }

  static putMajorVersion(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putUint16(offset + MAJOR_VERSION_FIELD_OFFSET, value);
  }

  static minorVersion(buffer: DirectBuffer, offset: number): number {
    return buffer.getUint16(offset + MINOR_VERSION_FIELD_OFFSET);
  }

  static putMinorVersion(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putUint16(offset + MINOR_VERSION_FIELD_OFFSET, value);
  }

  /** In bytes, 0 to 65,535. */
  static resumeTokenLength(buffer: DirectBuffer, offset: number): number {
    return buffer.getUint16(offset + RESUME_TOKEN_LENGTH_FIELD_OFFSET);
  }

  /** Where the position lies in the buffer: right after the token, wherever that ends. */
  static lastReceivedServerPositionOffset(buffer: DirectBuffer, offset: number): number {
    return offset + RESUME_TOKEN_FIELD_OFFSET + ResumeFlyweight.resumeTokenLength(buffer, offset);
  }

  static firstAvailableClientPositionOffset(buffer: DirectBuffer, offset: number): number {
    return ResumeFlyweight.lastReceivedServerPositionOffset(buffer, offset) + 8;
  }

  /** Up to where the client has what the server sent. */
  static lastReceivedServerPosition(buffer: DirectBuffer, offset: number): number {
    return buffer.getUint64(ResumeFlyweight.lastReceivedServerPositionOffset(buffer, offset));
  }

  static putLastReceivedServerPosition(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putUint64(ResumeFlyweight.lastReceivedServerPositionOffset(buffer, offset), value);
  }

  /** From where the client can still send again what it sent. */
  static firstAvailableClientPosition(buffer: DirectBuffer, offset: number): number {
    return buffer.getUint64(ResumeFlyweight.firstAvailableClientPositionOffset(buffer, offset));
  }

  static putFirstAvailableClientPosition(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putUint64(ResumeFlyweight.firstAvailableClientPositionOffset(buffer, offset), value);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get majorVersion(): number {
    return ResumeFlyweight.majorVersion(this.buffer, this.offset);
  }

  get minorVersion(): number {
    return ResumeFlyweight.minorVersion(this.buffer, this.offset);
  }

  get resumeTokenLength(): number {
    return ResumeFlyweight.resumeTokenLength(this.buffer, this.offset);
  }

  get resumeTokenOffset(): number {
    return this.offset + RESUME_TOKEN_FIELD_OFFSET;
  }

  get lastReceivedServerPosition(): number {
    return ResumeFlyweight.lastReceivedServerPosition(this.buffer, this.offset);
  }

  get firstAvailableClientPosition(): number {
    return ResumeFlyweight.firstAvailableClientPosition(this.buffer, this.offset);
  }

  /** A copy of the token that the caller owns. */
  copyOfResumeToken(): Uint8Array {
    return this.buffer.copyOf(this.resumeTokenOffset, this.resumeTokenLength);
  }

  putHeader(): this {
    ResumeFlyweight.putHeader(this.buffer, this.offset);
    return this;
  }

  putMajorVersion(value: number): this {
    ResumeFlyweight.putMajorVersion(this.buffer, this.offset, value);
    return this;
  }

  putMinorVersion(value: number): this {
    ResumeFlyweight.putMinorVersion(this.buffer, this.offset, value);
    return this;
  }

  /** Writes length and bytes of the token, at most 65,535; the positions come after it. */
  putResumeToken(source: DirectBuffer, sourceOffset: number, length: number): this {
    this.buffer.putUint16(this.offset + RESUME_TOKEN_LENGTH_FIELD_OFFSET, length);
    this.buffer.putBuffer(this.resumeTokenOffset, source, sourceOffset, length);
    return this;
  }

  putLastReceivedServerPosition(value: number): this {
    ResumeFlyweight.putLastReceivedServerPosition(this.buffer, this.offset, value);
    return this;
  }

  putFirstAvailableClientPosition(value: number): this {
    ResumeFlyweight.putFirstAvailableClientPosition(this.buffer, this.offset, value);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, ResumeFlyweight.FLAG_LETTERS);
    const version = `major-version=${this.majorVersion} minor-version=${this.minorVersion}`;
    const server = `last-received-server-position=${this.lastReceivedServerPosition}`;
    const client = `first-available-client-position=${this.firstAvailableClientPosition}`;
    const fields = `${version} resume-token-length=${this.resumeTokenLength} ${server} ${client}`;
    return `RESUME{stream-id=${this.streamId} flags=${flags} ${fields}}`;
  }
}
