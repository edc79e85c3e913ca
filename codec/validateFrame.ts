import {
  type DirectBuffer,
  ErrorCode,
  FrameFlag,
  FrameType,
  RequestNFlyweight,
  ResumeFlyweight,
  RSocketError,
  SetupFlyweight,
} from '../flyweight/index.ts';
import { bodyOffsetOf } from './bodyOffsetOf.ts';
import {
  CANCEL,
  FLAGS_BITS,
  HEADER_LENGTH,
  IGNORE,
  INITIAL_REQUEST_N_FIELD_OFFSET,
  METADATA,
  METADATA_LENGTH_SIZE,
  PAYLOAD,
  REQUEST_CHANNEL,
  REQUEST_FNF,
  REQUEST_N,
  REQUEST_RESPONSE,
  REQUEST_STREAM,
  TYPE_AND_FLAGS_FIELD_OFFSET,
  U31_MASK,
} from './FrameHeaderDescriptor.ts';
import {
  frameTooLong,
  frameTooShort,
  hex,
  MAX_FRAME_LENGTH,
  malformedFrame,
  metadataTooLong,
} from './malformedFrame.ts';

/** Length of the shortest frame of each type, in bytes; 0 where there is no such type. */
const MIN_LENGTHS = new Uint8Array(64);
MIN_LENGTHS[FrameType.SETUP] = SetupFlyweight.frameLength(SetupFlyweight.NO_RESUME_TOKEN, 0, 0, -1, 0);
MIN_LENGTHS[FrameType.LEASE] = HEADER_LENGTH + 8;
MIN_LENGTHS[FrameType.KEEPALIVE] = HEADER_LENGTH + 8;
MIN_LENGTHS[REQUEST_RESPONSE] = HEADER_LENGTH;
MIN_LENGTHS[REQUEST_FNF] = HEADER_LENGTH;
MIN_LENGTHS[REQUEST_STREAM] = HEADER_LENGTH + 4;
MIN_LENGTHS[REQUEST_CHANNEL] = HEADER_LENGTH + 4;
MIN_LENGTHS[REQUEST_N] = HEADER_LENGTH + 4;
MIN_LENGTHS[CANCEL] = HEADER_LENGTH;
MIN_LENGTHS[PAYLOAD] = HEADER_LENGTH;
MIN_LENGTHS[FrameType.ERROR] = HEADER_LENGTH + 4;
MIN_LENGTHS[FrameType.METADATA_PUSH] = HEADER_LENGTH;
MIN_LENGTHS[FrameType.RESUME] = ResumeFlyweight.frameLength(0);
MIN_LENGTHS[FrameType.RESUME_OK] = HEADER_LENGTH + 8;
MIN_LENGTHS[FrameType.EXT] = HEADER_LENGTH + 4;

/**
 * Checks a frame whole: once it returns true, every accessor of the frame's flyweight stays within the frame. In
 * memory that the peer can still write, check what was read once more, as `decodePayload` does. Allocates nothing but
 * the error, and reads nothing outside the frame.
 *
 *     true     a frame to be handled
 *     false    a frame to be ignored: of an unknown type or with a false metadata length, but with the I flag;
 *              REQUEST_N, CANCEL or PAYLOAD on stream 0; METADATA_PUSH on another; REQUEST_N of 0
 *     throws   a frame that must not be: see below
 *
 * Whether a frame fits the state of its connection or stream is not looked at, nor is what a PAYLOAD without N and C
 * may mean, which can be a fragment.
 *
 * @param offset where the frame starts in `buffer`, which holds all `length` bytes of it
 * @throws RSocketError with the `errorCode` to answer with; CONNECTION_ERROR where not said otherwise (INVALID_SETUP
 *   if the frame is SETUP):
 *   ERR_FLYSOCKET_FRAME_TOO_SHORT, ERR_FLYSOCKET_FRAME_TOO_LONG;
 *   ERR_FLYSOCKET_FRAME_TYPE (unknown, without the I flag); ERR_FLYSOCKET_METADATA_LENGTH;
 *   ERR_FLYSOCKET_STREAM_ID (a request on stream 0, a connection frame on another);
 *   ERR_FLYSOCKET_INITIAL_REQUEST_N (0: INVALID, and only the stream has failed)
 */
export function validateFrame(buffer: DirectBuffer, offset: number, length: number): boolean {
  if (length < HEADER_LENGTH) throw frameTooShort(0, length, HEADER_LENGTH);
  const typeAndFlags = buffer.getUint16(offset + TYPE_AND_FLAGS_FIELD_OFFSET);
  const type = typeAndFlags >>> FLAGS_BITS;
  const minLength = MIN_LENGTHS[type] as number;
  if (minLength === 0) {
    if ((typeAndFlags & IGNORE) !== 0) return false;
    throw malformedFrame('ERR_FLYSOCKET_FRAME_TYPE', type, `unknown frame type: ${hex(type)}`);
  }
  if (length < minLength) throw frameTooShort(type, length, minLength);
  if (length > MAX_FRAME_LENGTH) throw frameTooLong(length, MAX_FRAME_LENGTH);
  const streamId = buffer.getInt32(offset) & U31_MASK;
  switch (type) {
    case PAYLOAD:
      return streamId !== 0 && hasWholeBody(buffer, offset, length, typeAndFlags);
    case REQUEST_RESPONSE:
    case REQUEST_FNF:
      if (streamId === 0) throw wrongStreamId(type, streamId);
      return hasWholeBody(buffer, offset, length, typeAndFlags);
    case REQUEST_STREAM:
    case REQUEST_CHANNEL:
      if (streamId === 0) throw wrongStreamId(type, streamId);
      if ((buffer.getInt32(offset + INITIAL_REQUEST_N_FIELD_OFFSET) & U31_MASK) === 0)
        throw noInitialRequestN(type, streamId);
      return hasWholeBody(buffer, offset, length, typeAndFlags);
    case REQUEST_N:
      return streamId !== 0 && RequestNFlyweight.requestN(buffer, offset) !== 0;
    case CANCEL:
      return streamId !== 0;
    case FrameType.ERROR:
    case FrameType.EXT:
      return true;
    case FrameType.METADATA_PUSH:
      return streamId === 0;
    default:
      if (streamId !== 0) throw wrongStreamId(type, streamId);
      if (type === FrameType.SETUP) return hasWholeSetup(buffer, offset, length, typeAndFlags);
      if (type === FrameType.RESUME) checkResume(buffer, offset, length);
      return true;
  }
}

function hasWholeBody(buffer: DirectBuffer, offset: number, length: number, typeAndFlags: number): boolean {
  if ((typeAndFlags & METADATA) === 0) return true;
  return hasWholeMetadata(buffer, offset, length, typeAndFlags, bodyOffsetOf(typeAndFlags >>> FLAGS_BITS));
}

function hasWholeMetadata(
  buffer: DirectBuffer,
  offset: number,
  length: number,
  typeAndFlags: number,
  bodyOffset: number,
): boolean {
  const room = length - bodyOffset - METADATA_LENGTH_SIZE;
  if (room >= 0 && buffer.getUint24(offset + bodyOffset) <= room) return true;
  if ((typeAndFlags & IGNORE) !== 0) return false;
  throw metadataTooLong(typeAndFlags >>> FLAGS_BITS, length, bodyOffset);
}

function hasWholeSetup(buffer: DirectBuffer, offset: number, length: number, typeAndFlags: number): boolean {
  let at = SetupFlyweight.RESUME_TOKEN_LENGTH_FIELD_OFFSET;
  // The bytes up to the end of each length field are there before it is read.
  if ((typeAndFlags & FrameFlag.RESUME) !== 0) {
    at += 2 + buffer.getUint16(offset + at);
    if (at + 2 > length) throw frameTooShort(FrameType.SETUP, length, at + 2);
  }
  at += 1 + buffer.getUint8(offset + at);
  if (at + 1 > length) throw frameTooShort(FrameType.SETUP, length, at + 1);
  at += 1 + buffer.getUint8(offset + at);
  if (at > length) throw frameTooShort(FrameType.SETUP, length, at);
  return (typeAndFlags & METADATA) === 0 || hasWholeMetadata(buffer, offset, length, typeAndFlags, at);
}

function checkResume(buffer: DirectBuffer, offset: number, length: number): void {
  const needed = ResumeFlyweight.frameLength(ResumeFlyweight.resumeTokenLength(buffer, offset));
  if (length < needed) throw frameTooShort(FrameType.RESUME, length, needed);
}

function wrongStreamId(type: number, streamId: number): RSocketError {
  return malformedFrame(
    'ERR_FLYSOCKET_STREAM_ID',
    type,
    `frame on the wrong stream: type=${hex(type)}, streamId=${streamId}`,
  );
}

function noInitialRequestN(type: number, streamId: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_INITIAL_REQUEST_N',
    `initialRequestN must be more than 0: type=${hex(type)}, streamId=${streamId}`,
    ErrorCode.INVALID,
  );
}
