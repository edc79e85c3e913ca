import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';
import { FrameFlag } from './FrameFlag.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { flagsToString } from './flagsToString.ts';
import { NO_METADATA } from './PayloadFlyweight.ts';
import { U31_MASK } from './U31_MASK.ts';

const STREAM_ID_FIELD_OFFSET = 0;
const TYPE_AND_FLAGS_FIELD_OFFSET = STREAM_ID_FIELD_OFFSET + 4;
const TIME_TO_LIVE_FIELD_OFFSET = TYPE_AND_FLAGS_FIELD_OFFSET + 2;
const NUMBER_OF_REQUESTS_FIELD_OFFSET = TIME_TO_LIVE_FIELD_OFFSET + 4;
const METADATA_FIELD_OFFSET = NUMBER_OF_REQUESTS_FIELD_OFFSET + 4;

/**
 * View over a LEASE frame: how many requests the peer may send, and for how long (spec: "LEASE Frame (0x02)").
 * Big-endian. Owns no bytes, checks none (the codec does), allocates only in `toString`.
 *
 *           0                   1                   2                   3
 *           0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  byte 0  |0|                       Stream ID  (= 0)                      |
 *          +-+---------+-+-+---------------+-------------------------------+
 *       4  |Type (0x02)|0|M|       0       |
 *          +-+---------+-+-+---------------+-------------------------------+
 *       6  |0|                      Time To Live  (ms)                     |
 *          +-+-------------------------------------------------------------+
 *      10  |0|                      Number Of Requests                     |
 *          +-+-------------------------------------------------------------+
 *      14  | metadata (only if M) up to the end; no length field          ...
 *
 *  example   00 00 00 00 | 09 00    | 00 00 13 88 | 00 00 00 64 | 6d 64
 *            stream 0    | LEASE, M | ttl = 5000  | n = 100     | "md"
 *
 * M  (M)etadata is present, though it may be empty; bytes that follow without it are to be ignored
 *
 * Either number 0 stops the peer's requests.
 */
export class LeaseFlyweight {
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

  static putHeader(buffer: DirectBuffer, offset: number, flags: number): void {
    FrameHeaderFlyweight.encode(buffer, offset, 0, FrameType.LEASE, flags);
  }

  /** From receipt on; 0 to 2^31 - 1 ms. */
  static timeToLiveMs(buffer: DirectBuffer, offset: number): number {
    return timeToLiveMsOf(buffer, offset);
  }

  static putTimeToLiveMs(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putInt32(offset + TIME_TO_LIVE_FIELD_OFFSET, value & U31_MASK);
  }

  /** 0 to 2^31 - 1. */
  static numberOfRequests(buffer: DirectBuffer, offset: number): number {
    return numberOfRequestsOf(buffer, offset);
  }

  static putNumberOfRequests(buffer: DirectBuffer, offset: number, value: number): void {
    buffer.putInt32(offset + NUMBER_OF_REQUESTS_FIELD_OFFSET, value & U31_MASK);
  }

  get streamId(): number {
    return FrameHeaderFlyweight.streamId(this.buffer, this.offset);
  }

  get flags(): number {
    return FrameHeaderFlyweight.flags(this.buffer, this.offset);
  }

  get timeToLiveMs(): number {
    return LeaseFlyweight.timeToLiveMs(this.buffer, this.offset);
  }

  get numberOfRequests(): number {
    return LeaseFlyweight.numberOfRequests(this.buffer, this.offset);
  }

  /** In bytes, or NO_METADATA. */
  get metadataLength(): number {
    return (this.flags & FrameFlag.METADATA) === 0 ? NO_METADATA : this.length - METADATA_FIELD_OFFSET;
  }

  get metadataOffset(): number {
    return this.offset + METADATA_FIELD_OFFSET;
  }

  putHeader(flags: number): this {
    LeaseFlyweight.putHeader(this.buffer, this.offset, flags);
    return this;
  }

  putTimeToLiveMs(value: number): this {
    LeaseFlyweight.putTimeToLiveMs(this.buffer, this.offset, value);
    return this;
  }

  putNumberOfRequests(value: number): this {
    LeaseFlyweight.putNumberOfRequests(this.buffer, this.offset, value);
    return this;
  }

  /** M was set by `putHeader`. */
  putMetadata(source: DirectBuffer, sourceOffset: number, length: number): this {
    this.buffer.putBuffer(this.offset + METADATA_FIELD_OFFSET, source, sourceOffset, length);
    return this;
  }

  toString(): string {
    const flags = flagsToString(this.flags, LeaseFlyweight.FLAG_LETTERS);
    const metadata = this.metadataLength < 0 ? 'none' : this.metadataLength;
    const fields = `time-to-live-ms=${this.timeToLiveMs} number-of-requests=${this.numberOfRequests}`;
    return `LEASE{stream-id=${this.streamId} flags=${flags} ${fields} metadata-length=${metadata}}`;
  }
}

/** `LeaseFlyweight.timeToLiveMs`, for who bundles no more than that. */
export function timeToLiveMsOf(buffer: DirectBuffer, offset: number): number {
  return buffer.getInt32(offset + TIME_TO_LIVE_FIELD_OFFSET) & U31_MASK;
}

/** `LeaseFlyweight.numberOfRequests`, for who bundles no more than that. */
export function numberOfRequestsOf(buffer: DirectBuffer, offset: number): number {
  return buffer.getInt32(offset + NUMBER_OF_REQUESTS_FIELD_OFFSET) & U31_MASK;
}
