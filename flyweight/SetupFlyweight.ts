import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameBodyFlyweight } from './FrameBodyFlyweight.ts';
import { FrameFlag } from './FrameFlag.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';
import { U31_MASK } from './U31_MASK.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const MAJOR_VERSION_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;
const MINOR_VERSION_FIELD_OFFSET = MAJOR_VERSION_FIELD_OFFSET + 2;
const KEEP_ALIVE_INTERVAL_FIELD_OFFSET = MINOR_VERSION_FIELD_OFFSET + 2;
const MAX_LIFETIME_FIELD_OFFSET = KEEP_ALIVE_INTERVAL_FIELD_OFFSET + 4;
const RESUME_TOKEN_LENGTH_FIELD_OFFSET = MAX_LIFETIME_FIELD_OFFSET + 4;
const RESUME_TOKEN_FIELD_OFFSET = RESUME_TOKEN_LENGTH_FIELD_OFFSET + 2;
const NO_RESUME_TOKEN = -1;

/**
 * View over a SETUP frame: the client's first, which opens the connection (spec: "SETUP Frame (0x01)"). Big-endian.
 * Owns no bytes, checks none (the codec does), allocates only in `toString` and where a name begins with `copyOf` or
 * ends in `Utf8`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (= 0)                      |
 *          +-+---------+-+-+-+-+-----------+-------------------------------+
 *       4  |Type (0x01)|0|M|R|L|     0     |
 *          +-----------+-+-+-+-+-----------+-------------------------------+
 *    6, 8  |         Major Version         |         Minor Version         |
 *          +-+-----------------------------+-------------------------------+
 *      10  |0|           Time Between KEEPALIVE Frames  (ms, > 0)          |
 *          +-+-------------------------------------------------------------+
 *      14  |0|                   Max Lifetime  (ms, > 0)                   |
 *          +-+-----------------------------+-------------------------------+
 *  18, 20  |    Token Length, only if R    | token, only if R             ...
 *          +---------------+---------------+-------------------------------+
 *       a  |     Length    | metadata MIME type, ASCII                    ...
 *          +---------------+-----------------------------------------------+
 *       b  |     Length    | data MIME type, ASCII                        ...
 *          +---------------+-------------------------------+---------------+
 *       c  | Metadata length (24 bits), only if M          |
 *          +-----------------------------------------------+---------------+
 * c / c+3  | metadata (only if M), then data up to the end of the frame   ...
 *
 *  example   00 00 00 00 | 05 80      | 00 01     | 00 00     | 00 00 4e 20      | 00 01 5f 90
 *            stream 0    | SETUP, M R | major = 1 | minor = 0 | interval = 20000 | lifetime = 90000
 *            00 03 | 74 6f 6b | 03    | 61 2f 62 | 03    | 63 2f 64 | 00 00 02 | 6d 64 | 68 69
 *            len 3 | "tok"    | len 3 | "a/b"    | len 3 | "c/d"    | len 2    | "md"  | "hi"
 *
 * a = 18, or 20 + token length if R
 * b = a + 1 + length of the metadata MIME type
 * c = b + 1 + length of the data MIME type: `bodyOffset`
 *
 * M  (M)etadata is present, though it may be empty
 * R  a (R)esume token is present
 * L  the client will honour (L)ease
 */
export class SetupFlyweight {
  /** The letter of each flag bit, from the highest (I) down. */
  static readonly FLAG_LETTERS: string = 'IMRL';
  /** Where R is set. */
  static readonly RESUME_TOKEN_LENGTH_FIELD_OFFSET: number = RESUME_TOKEN_LENGTH_FIELD_OFFSET;
  /** Where R is set. */
  static readonly RESUME_TOKEN_FIELD_OFFSET: number = RESUME_TOKEN_FIELD_OFFSET;
  /** The `resumeTokenLength` of a SETUP without one. */
  static readonly NO_RESUME_TOKEN: number = NO_RESUME_TOKEN;

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

  /** Bytes of such a frame. @param resumeTokenLength or NO_RESUME_TOKEN @param metadataLength or NO_METADATA */
  static frameLength(
    resumeTokenLength: number,
    metadataMimeTypeLength: number,
    dataMimeTypeLength: number,
    metadataLength: number,
    dataLength: number,
  ): number {
    const tokenLength = resumeTokenLength < 0 ? 0 : 2 + resumeTokenLength;
    const mimeTypesLength = 1 + metadataMimeTypeLength + 1 + dataMimeTypeLength;
    const bodyLength = FrameBodyFlyweight.bodyLength(metadataLength, dataLength);
    return RESUME_TOKEN_LENGTH_FIELD_OFFSET + tokenLength + mimeTypesLength + bodyLength;
  }

  static putHeader(buffer: DirectBuffer, offset: number, flags: number): void {
    FrameHeaderFlyweight.encode(buffer, offset, 0, FrameType.SETUP, flags);
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

  /** Between the client's KEEPALIVE frames; 1 to 2^31 - 1 ms. */
  static keepAliveIntervalMs(buffer: DirectBuffer, offset: number): number {
    return buffer.getInt32(offset + KEEP_ALIVE_INTERVAL_FIELD_OFFSET) & U31_MASK;
  }

  static putKeepAliveIntervalMs(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putInt32(offset + KEEP_ALIVE_INTERVAL_FIELD_OFFSET, value & U31_MASK);
  }

  /** Without a KEEPALIVE for so long, the peer counts as dead; 1 to 2^31 - 1 ms. */
  static maxLifetimeMs(buffer: DirectBuffer, offset: number): number {
    return buffer.getInt32(offset + MAX_LIFETIME_FIELD_OFFSET) & U31_MASK;
  }

  static putMaxLifetimeMs(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putInt32(offset + MAX_LIFETIME_FIELD_OFFSET, value & U31_MASK);
  }

  /** In bytes, 0 to 65,535, or NO_RESUME_TOKEN. */
  static resumeTokenLength(buffer: DirectBuffer, offset: number): number {
    if ((FrameHeaderFlyweight.flags(buffer, offset) & FrameFlag.RESUME) === 0) return NO_RESUME_TOKEN;
    return buffer.getUint16(offset + RESUME_TOKEN_LENGTH_FIELD_OFFSET);
  }

  /** Where the metadata MIME type starts in the buffer; its length is the byte before. */
  static metadataMimeTypeOffset(buffer: DirectBuffer, offset: number): number {
    const tokenLength = SetupFlyweight.resumeTokenLength(buffer, offset);
    return 1 + offset + RESUME_TOKEN_LENGTH_FIELD_OFFSET + (tokenLength < 0 ? 0 : 2 + tokenLength);
  }

  /** Where the data MIME type starts in the buffer; its length is the byte before. */
  static dataMimeTypeOffset(buffer: DirectBuffer, offset: number): number {
    const metadataMimeType = SetupFlyweight.metadataMimeTypeOffset(buffer, offset);
    return 1 + metadataMimeType + buffer.getUint8(metadataMimeType - 1);
  }

  /** Where the body starts in the frame: see `FrameBodyFlyweight`. */
  static bodyOffset(buffer: DirectBuffer, offset: number): number {
    const dataMimeType = SetupFlyweight.dataMimeTypeOffset(buffer, offset);
    return dataMimeType + buffer.getUint8(dataMimeType - 1) - offset;
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get majorVersion(): number {
    return SetupFlyweight.majorVersion(this.buffer, this.offset);
  }

  get minorVersion(): number {
    return SetupFlyweight.minorVersion(this.buffer, this.offset);
  }

  get keepAliveIntervalMs(): number {
    return SetupFlyweight.keepAliveIntervalMs(this.buffer, this.offset);
  }

  get maxLifetimeMs(): number {
    return SetupFlyweight.maxLifetimeMs(this.buffer, this.offset);
  }

  /** In bytes, or NO_RESUME_TOKEN. */
  get resumeTokenLength(): number {
    return SetupFlyweight.resumeTokenLength(this.buffer, this.offset);
  }

  /** Of no meaning if R is not set. */
  get resumeTokenOffset(): number {
    return this.offset + RESUME_TOKEN_FIELD_OFFSET;
  }

  get metadataMimeTypeOffset(): number {
    return SetupFlyweight.metadataMimeTypeOffset(this.buffer, this.offset);
  }

  /** In bytes, 0 to 255. */
  get metadataMimeTypeLength(): number {
    return this.buffer.getUint8(this.metadataMimeTypeOffset - 1);
  }

  get dataMimeTypeOffset(): number {
    return SetupFlyweight.dataMimeTypeOffset(this.buffer, this.offset);
  }

  /** In bytes, 0 to 255. */
  get dataMimeTypeLength(): number {
    return this.buffer.getUint8(this.dataMimeTypeOffset - 1);
  }

  /** Relative to the frame. */
  get bodyOffset(): number {
    return SetupFlyweight.bodyOffset(this.buffer, this.offset);
  }

  /** In bytes, or NO_METADATA. */
  get metadataLength(): number {
    return FrameBodyFlyweight.metadataLength(this.buffer, this.offset, this.bodyOffset, this.flags);
  }

  get metadataOffset(): number {
    return FrameBodyFlyweight.metadataOffset(this.offset, this.bodyOffset);
  }

  get dataOffset(): number {
    return FrameBodyFlyweight.dataOffset(this.buffer, this.offset, this.bodyOffset, this.flags);
  }

  /** In bytes; negative if the metadata length reaches beyond the frame. */
  get dataLength(): number {
    return FrameBodyFlyweight.dataLength(this.buffer, this.offset, this.bodyOffset, this.flags, this.length);
  }

  /** A copy of the token that the caller owns, or undefined if R is not set. */
  copyOfResumeToken(): Uint8Array | undefined {
    const length = this.resumeTokenLength;
    return length < 0 ? undefined : this.buffer.copyOf(this.resumeTokenOffset, length);
  }

  metadataMimeTypeUtf8(): string {
    return this.buffer.getUtf8(this.metadataMimeTypeOffset, this.metadataMimeTypeLength);
  }

  dataMimeTypeUtf8(): string {
    return this.buffer.getUtf8(this.dataMimeTypeOffset, this.dataMimeTypeLength);
  }

  /** First of all puts: each variable part lies after the one before, so they go in wire order from here on. */
  putHeader(flags: number): this {
    SetupFlyweight.putHeader(this.buffer, this.offset, flags);
    return this;
  }

  putMajorVersion(value: number): this {
    SetupFlyweight.putMajorVersion(this.buffer, this.offset, value);
    return this;
  }

  putMinorVersion(value: number): this {
    SetupFlyweight.putMinorVersion(this.buffer, this.offset, value);
    return this;
  }

  putKeepAliveIntervalMs(value: number): this {
    SetupFlyweight.putKeepAliveIntervalMs(this.buffer, this.offset, value);
    return this;
  }

  putMaxLifetimeMs(value: number): this {
    SetupFlyweight.putMaxLifetimeMs(this.buffer, this.offset, value);
    return this;
  }

  /** Writes length and bytes of the token, at most 65,535; R was set by `putHeader`. */
  putResumeToken(source: DirectBuffer, sourceOffset: number, length: number): this {
    this.buffer.putUint16(this.offset + RESUME_TOKEN_LENGTH_FIELD_OFFSET, length);
    this.buffer.putBuffer(this.resumeTokenOffset, source, sourceOffset, length);
    return this;
  }

  /** At most 255 bytes. */
  putMetadataMimeTypeUtf8(text: string): this {
    const index = this.metadataMimeTypeOffset;
    this.buffer.putUint8(index - 1, this.buffer.putUtf8(index, text));
    return this;
  }

  /** At most 255 bytes. */
  putDataMimeTypeUtf8(text: string): this {
    const index = this.dataMimeTypeOffset;
    this.buffer.putUint8(index - 1, this.buffer.putUtf8(index, text));
    return this;
  }

  /** Writes the 24-bit length and the bytes; M was set by `putHeader`. */
  putMetadata(source: DirectBuffer, sourceOffset: number, length: number): this {
    FrameBodyFlyweight.putMetadata(this.buffer, this.offset, this.bodyOffset, source, sourceOffset, length);
    return this;
  }

  /** Writes the bytes after the metadata, which was put before. */
  putData(source: DirectBuffer, sourceOffset: number, length: number): this {
    this.buffer.putBuffer(this.dataOffset, source, sourceOffset, length);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, SetupFlyweight.FLAG_LETTERS);
    const version = `major-version=${this.majorVersion} minor-version=${this.minorVersion}`;
    const times = `keep-alive-interval-ms=${this.keepAliveIntervalMs} max-lifetime-ms=${this.maxLifetimeMs}`;
    const token = `resume-token-length=${this.resumeTokenLength < 0 ? 'none' : this.resumeTokenLength}`;
    const metadataMimeType = `metadata-mime-type=${JSON.stringify(this.metadataMimeTypeUtf8())}`;
    const dataMimeType = `data-mime-type=${JSON.stringify(this.dataMimeTypeUtf8())}`;
    const lengths = FrameBodyFlyweight.lengthsToString(this.metadataLength, this.dataLength);
    const fields = `${version} ${times} ${token} ${metadataMimeType} ${dataMimeType} ${lengths}`;
    return `SETUP{stream-id=${this.streamId} flags=${flags} ${fields}}`;
  }
}
