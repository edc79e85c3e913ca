/**
 * The frames that steer a stream: REQUEST_N, CANCEL, ERROR, and EXT, whose stream may also be 0. Written into a place
 * that the caller has claimed; nothing is checked and nothing allocated.
 * @see RequestNFlyweight, CancelFlyweight, ErrorFlyweight, ExtFlyweight for the layouts
 */
import type { DirectBuffer } from '../flyweight/index.ts';
import { CANCEL, ERROR, EXT, FLAGS_MASK, HEADER_LENGTH, REQUEST_N, U31_MASK } from './FrameHeaderDescriptor.ts';
import { putHeader } from './putHeader.ts';
import { putUtf8, utf8Length } from './putUtf8.ts';

const REQUEST_N_LENGTH = 10;
const ERROR_DATA = 10;
const EXTENDED_DATA = 10;

/** Bytes of a REQUEST_N frame. */
export function lengthOfRequestN(): number {
  return REQUEST_N_LENGTH;
}

/** @param n 1 to 2^31 - 1 @returns the length of the frame in bytes */
export function encodeRequestN(buffer: DirectBuffer, offset: number, streamId: number, n: number): number {
  putHeader(buffer, offset, streamId, REQUEST_N, 0);
  buffer.putInt32(offset + HEADER_LENGTH, n & U31_MASK);
  return REQUEST_N_LENGTH;
}

/** Bytes of a CANCEL frame. */
export function lengthOfCancel(): number {
  return HEADER_LENGTH;
}

/** @returns the length of the frame in bytes */
export function encodeCancel(buffer: DirectBuffer, offset: number, streamId: number): number {
  putHeader(buffer, offset, streamId, CANCEL, 0);
  return HEADER_LENGTH;
}

/** Bytes of an ERROR frame with this message. */
export function lengthOfError(message: string): number {
  return ERROR_DATA + utf8Length(message);
}

/**
 * @param streamId 0 for an error of the connection
 * @param errorCode an `ErrorCode`, or one of the application's own from 0x301 to 0xFFFFFFFE
 * @param message sent as UTF-8
 * @returns the length of the frame in bytes
 */
export function encodeError(
  buffer: DirectBuffer,
  offset: number,
  streamId: number,
  errorCode: number,
  message: string,
): number {
  putHeader(buffer, offset, streamId, ERROR, 0);
  buffer.putUint32(offset + HEADER_LENGTH, errorCode);
  return ERROR_DATA + putUtf8(buffer, offset + ERROR_DATA, message);
}

/** Bytes of an EXT frame with so many of its own. */
export function lengthOfExt(dataLength: number): number {
  return EXTENDED_DATA + dataLength;
}

/**
 * @param flags `FrameFlag.IGNORE` and what the extended type means by the others
 * @param extendedType 1 to 2^31 - 1
 * @returns the length of the frame in bytes
 */
export function encodeExt(
  buffer: DirectBuffer,
  offset: number,
  streamId: number,
  flags: number,
  extendedType: number,
  data: DirectBuffer,
  dataOffset: number,
  dataLength: number,
): number {
  putHeader(buffer, offset, streamId, EXT, flags & FLAGS_MASK);
  buffer.putInt32(offset + HEADER_LENGTH, extendedType & U31_MASK);
  buffer.putBuffer(offset + EXTENDED_DATA, data, dataOffset, dataLength);
  return EXTENDED_DATA + dataLength;
}
