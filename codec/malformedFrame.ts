import { ErrorCode, RSocketError } from '../flyweight/index.ts';
import { SETUP } from './FrameHeaderDescriptor.ts';

/** Longest frame on any transport, without its length prefix (spec: "Framing Format"). */
export const MAX_FRAME_LENGTH = 0xffffff;

/** The error for a frame of a given type that ends before its fields do. */
export function frameTooShort(type: number, length: number, minLength: number): RSocketError {
  return malformedFrame(
    'ERR_FLYSOCKET_FRAME_TOO_SHORT',
    type,
    `frame too short: type=${hex(type)}, length=${length}, at least ${minLength}`,
  );
}

/** The error for a frame that is longer than it may be. */
export function frameTooLong(length: number, maxFrameLength: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_FRAME_TOO_LONG',
    `frame too long: length=${length}, maxFrameLength=${maxFrameLength}`,
    ErrorCode.CONNECTION_ERROR,
  );
}

/** The error for metadata that reaches beyond the frame. */
export function metadataTooLong(type: number, length: number, bodyOffset: number): RSocketError {
  return malformedFrame(
    'ERR_FLYSOCKET_METADATA_LENGTH',
    type,
    `metadata reaches beyond its frame: type=${hex(type)}, length=${length}, body at ${bodyOffset}`,
  );
}

/** An error that the connection does not survive: INVALID_SETUP for SETUP itself, else CONNECTION_ERROR. */
export function malformedFrame(code: string, type: number, message: string): RSocketError {
  const errorCode = type === SETUP ? ErrorCode.INVALID_SETUP : ErrorCode.CONNECTION_ERROR;
  return new RSocketError(code, message, errorCode);
}

/** `type` as it is written in the spec. */
export function hex(type: number): string {
  return `0x${type.toString(16).padStart(2, '0')}`;
}
