/**
 * The four request frames, each written whole into a place of `lengthOfRequest` bytes that the caller has claimed.
 *
 * The caller sees to it that ids and counts are in range (stream id 1 to 2^31 - 1, initialRequestN likewise) and that
 * the frame is no longer than the transport allows: nothing is checked here and nothing is allocated. What does not
 * fit the place is not written: `putBuffer` throws ERR_FLYSOCKET_OUT_OF_BOUNDS at the end of the buffer.
 *
 * @see RequestResponseFlyweight and its siblings for the layouts (spec: "Request Frames")
 */
import type { DirectBuffer, PayloadFlyweight } from '../flyweight/index.ts';
import { bodyLengthOf } from './bodyLengthOf.ts';
import { bodyOffsetOf } from './bodyOffsetOf.ts';
import {
  BODY_OFFSET_AFTER_INITIAL_REQUEST_N,
  COMPLETE,
  HEADER_LENGTH,
  INITIAL_REQUEST_N_FIELD_OFFSET,
  METADATA,
  REQUEST_CHANNEL,
  REQUEST_FNF,
  REQUEST_RESPONSE,
  REQUEST_STREAM,
} from './FrameHeaderDescriptor.ts';
import { putBody } from './putBody.ts';
import { putHeader } from './putHeader.ts';

/** Bytes of a request frame. @param type of the four REQUEST_* types */
export function lengthOfRequest(type: number, payload: PayloadFlyweight): number {
  return bodyOffsetOf(type) + bodyLengthOf(payload);
}

/** @returns the length of the frame in bytes */
export function encodeRequestResponse(
  buffer: DirectBuffer,
  offset: number,
  streamId: number,
  payload: PayloadFlyweight,
): number {
  const flags = payload.metadataLength >= 0 ? METADATA : 0;
  putHeader(buffer, offset, streamId, REQUEST_RESPONSE, flags);
  return putBody(buffer, offset + HEADER_LENGTH, payload) - offset;
}

/** @returns the length of the frame in bytes */
export function encodeRequestFnf(
  buffer: DirectBuffer,
  offset: number,
  streamId: number,
  payload: PayloadFlyweight,
): number {
  const flags = payload.metadataLength >= 0 ? METADATA : 0;
  putHeader(buffer, offset, streamId, REQUEST_FNF, flags);
  return putBody(buffer, offset + HEADER_LENGTH, payload) - offset;
}

/** @returns the length of the frame in bytes */
export function encodeRequestStream(
  buffer: DirectBuffer,
  offset: number,
  streamId: number,
  initialRequestN: number,
  payload: PayloadFlyweight,
): number {
  const flags = payload.metadataLength >= 0 ? METADATA : 0;
  putHeader(buffer, offset, streamId, REQUEST_STREAM, flags);
  buffer.putInt32(offset + INITIAL_REQUEST_N_FIELD_OFFSET, initialRequestN);
  return putBody(buffer, offset + BODY_OFFSET_AFTER_INITIAL_REQUEST_N, payload) - offset;
}

/**
 * @param complete the requester sends nothing more than this payload
 * @returns the length of the frame in bytes
 */
export function encodeRequestChannel(
  buffer: DirectBuffer,
  offset: number,
  streamId: number,
  initialRequestN: number,
  complete: boolean,
  payload: PayloadFlyweight,
): number {
  const flags = (payload.metadataLength >= 0 ? METADATA : 0) | (complete ? COMPLETE : 0);
  putHeader(buffer, offset, streamId, REQUEST_CHANNEL, flags);
  buffer.putInt32(offset + INITIAL_REQUEST_N_FIELD_OFFSET, initialRequestN);
  return putBody(buffer, offset + BODY_OFFSET_AFTER_INITIAL_REQUEST_N, payload) - offset;
}
