/**
 * PAYLOAD frames, written into a place that the caller has claimed; nothing is checked and nothing allocated.
 * @see PayloadFrameFlyweight for the layout (spec: "PAYLOAD Frame (0x0A)")
 */
import type { DirectBuffer, PayloadFlyweight } from '../flyweight/index.ts';
import { bodyLengthOf } from './bodyLengthOf.ts';
import { COMPLETE, HEADER_LENGTH, METADATA, PAYLOAD } from './FrameHeaderDescriptor.ts';
import { putBody } from './putBody.ts';
import { putHeader } from './putHeader.ts';

/** Bytes of a PAYLOAD frame that carries an item. */
export function lengthOfPayload(payload: PayloadFlyweight): number {
  return HEADER_LENGTH + bodyLengthOf(payload);
}

/** Bytes of a PAYLOAD frame that only completes. */
export function lengthOfPayloadComplete(): number {
  return HEADER_LENGTH;
}

/**
 * @param flags `FrameFlag.NEXT`, with `FrameFlag.COMPLETE` if it is the last item; M is added where it belongs
 * @returns the length of the frame in bytes
 */
export function encodePayload(
  buffer: DirectBuffer,
  offset: number,
  streamId: number,
  flags: number,
  payload: PayloadFlyweight,
): number {
  putHeader(buffer, offset, streamId, PAYLOAD, payload.metadataLength >= 0 ? flags | METADATA : flags);
  return putBody(buffer, offset + HEADER_LENGTH, payload) - offset;
}

/** Completes a stream without an item: C, no N, no body. @returns the length of the frame in bytes */
export function encodePayloadComplete(buffer: DirectBuffer, offset: number, streamId: number): number {
  putHeader(buffer, offset, streamId, PAYLOAD, COMPLETE);
  return HEADER_LENGTH;
}
