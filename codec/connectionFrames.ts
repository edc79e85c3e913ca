/**
 * The frames of stream 0 but SETUP: LEASE, KEEPALIVE, METADATA_PUSH, RESUME, RESUME_OK. Written into a place that the
 * caller has claimed; nothing is checked and nothing allocated for parts of up to 4 KiB. Positions are bytes, 0 to
 * 2^53 - 1.
 * @see LeaseFlyweight, KeepAliveFlyweight, MetadataPushFlyweight, ResumeFlyweight, ResumeOkFlyweight for the layouts
 */
import {
  type DirectBuffer,
  FrameFlag,
  KeepAliveFlyweight,
  LeaseFlyweight,
  MetadataPushFlyweight,
  type PayloadFlyweight,
  ResumeFlyweight,
  ResumeOkFlyweight,
} from '../flyweight/index.ts';

const LEASE_METADATA = LeaseFlyweight.METADATA_FIELD_OFFSET;
const KEEP_ALIVE_DATA = KeepAliveFlyweight.DATA_FIELD_OFFSET;
const PUSHED_METADATA = MetadataPushFlyweight.METADATA_FIELD_OFFSET;
const RESUME_OK_LENGTH = ResumeOkFlyweight.FRAME_LENGTH;
const MAJOR_VERSION = 1;
const MINOR_VERSION = 0;

/** Bytes of a LEASE frame with the metadata of `payload`, if it has any. */
export function lengthOfLease(payload: PayloadFlyweight): number {
  return LEASE_METADATA + Math.max(payload.metadataLength, 0);
}

/**
 * @param timeToLiveMs 0 to 2^31 - 1
 * @param numberOfRequests 0 to 2^31 - 1
 * @param payload its metadata is sent, its data is not
 * @returns the length of the frame in bytes
 */
export function encodeLease(
  buffer: DirectBuffer,
  offset: number,
  timeToLiveMs: number,
  numberOfRequests: number,
  payload: PayloadFlyweight,
): number {
  const metadataLength = payload.metadataLength;
  LeaseFlyweight.putHeader(buffer, offset, metadataLength < 0 ? 0 : FrameFlag.METADATA);
  LeaseFlyweight.putTimeToLiveMs(buffer, offset, timeToLiveMs);
  LeaseFlyweight.putNumberOfRequests(buffer, offset, numberOfRequests);
  if (metadataLength <= 0) return LEASE_METADATA;
  buffer.putBuffer(offset + LEASE_METADATA, payload.metadataBuffer, payload.metadataOffset, metadataLength);
  return LEASE_METADATA + metadataLength;
}

/** Bytes of a KEEPALIVE frame with so many bytes of data. */
export function lengthOfKeepAlive(dataLength: number): number {
  return KEEP_ALIVE_DATA + dataLength;
}

/**
 * @param respond the peer is to answer, with the same data
 * @param lastReceivedPosition 0 if the session cannot be resumed
 * @returns the length of the frame in bytes
 */
export function encodeKeepAlive(
  buffer: DirectBuffer,
  offset: number,
  respond: boolean,
  lastReceivedPosition: number,
  data: DirectBuffer,
  dataOffset: number,
  dataLength: number,
): number {
  KeepAliveFlyweight.putHeader(buffer, offset, respond ? FrameFlag.RESPOND : 0);
  KeepAliveFlyweight.putLastReceivedPosition(buffer, offset, lastReceivedPosition);
  if (dataLength > 0) buffer.putBuffer(offset + KEEP_ALIVE_DATA, data, dataOffset, dataLength);
  return KEEP_ALIVE_DATA + dataLength;
}

/** Bytes of a METADATA_PUSH frame with the metadata of `payload`. */
export function lengthOfMetadataPush(payload: PayloadFlyweight): number {
  return PUSHED_METADATA + Math.max(payload.metadataLength, 0);
}

/** @param payload its metadata is sent, its data is not @returns the length of the frame in bytes */
export function encodeMetadataPush(buffer: DirectBuffer, offset: number, payload: PayloadFlyweight): number {
  MetadataPushFlyweight.putHeader(buffer, offset);
  const metadataLength = payload.metadataLength;
  if (metadataLength <= 0) return PUSHED_METADATA;
  buffer.putBuffer(offset + PUSHED_METADATA, payload.metadataBuffer, payload.metadataOffset, metadataLength);
  return PUSHED_METADATA + metadataLength;
}

/** Bytes of a RESUME frame with a token of so many bytes. */
export function lengthOfResume(resumeTokenLength: number): number {
  return ResumeFlyweight.frameLength(resumeTokenLength);
}

/**
 * @param resumeToken at most 65,535 bytes
 * @param lastReceivedServerPosition up to where the client has what the server sent
 * @param firstAvailableClientPosition from where the client can send again
 * @returns the length of the frame in bytes
 */
export function encodeResume(
  buffer: DirectBuffer,
  offset: number,
  resumeToken: Uint8Array,
  lastReceivedServerPosition: number,
  firstAvailableClientPosition: number,
): number {
  ResumeFlyweight.putHeader(buffer, offset);
  ResumeFlyweight.putMajorVersion(buffer, offset, MAJOR_VERSION);
  ResumeFlyweight.putMinorVersion(buffer, offset, MINOR_VERSION);
  buffer.putUint16(offset + ResumeFlyweight.RESUME_TOKEN_LENGTH_FIELD_OFFSET, resumeToken.length);
  buffer.putBytes(offset + ResumeFlyweight.RESUME_TOKEN_FIELD_OFFSET, resumeToken);
  ResumeFlyweight.putLastReceivedServerPosition(buffer, offset, lastReceivedServerPosition);
  ResumeFlyweight.putFirstAvailableClientPosition(buffer, offset, firstAvailableClientPosition);
  return ResumeFlyweight.frameLength(resumeToken.length);
}

/** Bytes of a RESUME_OK frame. */
export function lengthOfResumeOk(): number {
  return RESUME_OK_LENGTH;
}

/** @param lastReceivedClientPosition up to where the server has what the client sent @returns the length in bytes */
export function encodeResumeOk(buffer: DirectBuffer, offset: number, lastReceivedClientPosition: number): number {
  ResumeOkFlyweight.putHeader(buffer, offset);
  ResumeOkFlyweight.putLastReceivedClientPosition(buffer, offset, lastReceivedClientPosition);
  return RESUME_OK_LENGTH;
}
