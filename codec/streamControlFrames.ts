/**
 * The frames that steer a stream: REQUEST_N, CANCEL, ERROR, and EXT, whose stream may also be 0. Written into a place
 * that the caller has claimed; nothing is checked and nothing allocated.
 * @see RequestNFlyweight, CancelFlyweight, ErrorFlyweight, ExtFlyweight for the layouts
 */
import {
  type DirectBuffer,
  ErrorFlyweight,
  ExtFlyweight,
  FrameHeaderFlyweight,
  FrameType,
  RequestNFlyweight,
} from '../flyweight/index.ts';
import { putUtf8, utf8Length } from './putUtf8.ts';

const HEADER_LENGTH = FrameHeaderFlyweight.HEADER_LENGTH;
const REQUEST_N_LENGTH = RequestNFlyweight.FRAME_LENGTH;
const ERROR_DATA = ErrorFlyweight.DATA_FIELD_OFFSET;
const EXTENDED_DATA = ExtFlyweight.EXTENDED_DATA_FIELD_OFFSET;

/** Bytes of a REQUEST_N frame. */
export function lengthOfRequestN(): number {
  return REQUEST_N_LENGTH;
}

/** @param n 1 to 2^31 - 1 @returns the length of the frame in bytes */
export function encodeRequestN(buffer: DirectBuffer, offset: number, streamId: number, n: number): number {
  FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.REQUEST_N, 0);
  RequestNFlyweight.putRequestN(buffer, offset, n);
  return REQUEST_N_LENGTH;
}

/** Bytes of a CANCEL frame. */
export function lengthOfCancel(): number {
  return HEADER_LENGTH;
}

/** @returns the length of the frame in bytes */
export function encodeCancel(buffer: DirectBuffer, offset: number, streamId: number): number {
  FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.CANCEL, 0);
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
  FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.ERROR, 0);
  ErrorFlyweight.putErrorCode(buffer, offset, errorCode);
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
  FrameHeaderFlyweight.encode(buffer, offset, streamId, FrameType.EXT, flags);
  ExtFlyweight.putExtendedType(buffer, offset, extendedType);
  buffer.putBuffer(offset + EXTENDED_DATA, data, dataOffset, dataLength);
  return EXTENDED_DATA + dataLength;
}
