import { type DirectBuffer, ErrorCode, RSocketError } from '../flyweight/index.ts';
import { bodyOffsetOf } from './bodyOffsetOf.ts';
import {
  CANCEL,
  ERROR,
  EXT,
  FLAGS_BITS,
  HEADER_LENGTH,
  IGNORE,
  INITIAL_REQUEST_N_FIELD_OFFSET,
  METADATA,
  METADATA_LENGTH_SIZE,
  METADATA_PUSH,
  PAYLOAD,
  REQUEST_CHANNEL,
  REQUEST_FNF,
  REQUEST_N,
  REQUEST_RESPONSE,
  REQUEST_STREAM,
  RESUME,
  RESUME_TOKEN,
  SETUP,
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
import { RESUME_TOKEN_LENGTH_FIELD_OFFSET as SETUP_TOKEN_LENGTH_FIELD_OFFSET } from './SetupDescriptor.ts';

const RESUME_TOKEN_LENGTH = 10;
/** Bytes of a RESUME frame without its token. */
const RESUME_LENGTH = 28;

/** Length of the shortest frame of each type, in bytes; 0 where there is no such type. */
const MIN_LENGTHS = /* @__PURE__ */ new Uint8Array(64);
MIN_LENGTHS.set([
  0, // none
  20, // SETUP
  14, // LEASE
  14, // KEEPALIVE
  6, // REQUEST_RESPONSE
  6, // REQUEST_FNF
  10, // REQUEST_STREAM
  10, // REQUEST_CHANNEL
  10, // REQUEST_N
  6, // CANCEL
  6, // PAYLOAD
  10, // ERROR
  6, // METADATA_PUSH
  RESUME_LENGTH, // RESUME
  14, // RESUME_OK
]);
MIN_LENGTHS[EXT] = 10;

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
 *   ERR_FLYSOCKET_STREAM_ID (its top bit set, a request on stream 0, a connection frame on another);
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
  const streamId = buffer.getInt32(offset);
  if (streamId < 0) throw reservedBit(type, streamId);
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
      return streamId !== 0 && (buffer.getInt32(offset + HEADER_LENGTH) & U31_MASK) !== 0;
    case CANCEL:
      return streamId !== 0;
    case ERROR:
    case EXT:
      return true;
    case METADATA_PUSH:
      return streamId === 0;
    default:
      if (streamId !== 0) throw wrongStreamId(type, streamId);
      if (type === SETUP) return hasWholeSetup(buffer, offset, length, typeAndFlags);
      if (type === RESUME) checkResume(buffer, offset, length);
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
  let at = SETUP_TOKEN_LENGTH_FIELD_OFFSET;
  // The bytes up to the end of each length field are there before it is read.
  if ((typeAndFlags & RESUME_TOKEN) !== 0) {
    at += 2 + buffer.getUint16(offset + at);
    if (at + 2 > length) throw frameTooShort(SETUP, length, at + 2);
  }
  at += 1 + buffer.getUint8(offset + at);
  if (at + 1 > length) throw frameTooShort(SETUP, length, at + 1);
  at += 1 + buffer.getUint8(offset + at);
  if (at > length) throw frameTooShort(SETUP, length, at);
  return (typeAndFlags & METADATA) === 0 || hasWholeMetadata(buffer, offset, length, typeAndFlags, at);
}

function checkResume(buffer: DirectBuffer, offset: number, length: number): void {
  const needed = RESUME_LENGTH + buffer.getUint16(offset + RESUME_TOKEN_LENGTH);
  if (length < needed) throw frameTooShort(RESUME, length, needed);
}

function reservedBit(type: number, streamId: number): RSocketError {
  const message = `the reserved bit of the stream id is set: type=${hex(type)}, streamId=${hex(streamId >>> 0)}`;
  return malformedFrame('ERR_FLYSOCKET_STREAM_ID', type, message);
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
