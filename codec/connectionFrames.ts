/**
 * The frames of stream 0 but SETUP: LEASE, KEEPALIVE, METADATA_PUSH, RESUME, RESUME_OK. Written into a place that the
 * caller has claimed; nothing is checked and nothing allocated for parts of up to 4 KiB. Positions are bytes, 0 to
 * 2^53 - 1.
 * @see LeaseFlyweight, KeepAliveFlyweight, MetadataPushFlyweight, ResumeFlyweight, ResumeOkFlyweight for the layouts
 */
import type { DirectBuffer, PayloadFlyweight } from '../flyweight/index.ts';
import {
  HEADER_LENGTH,
  KEEPALIVE,
  LEASE,
  METADATA,
  METADATA_PUSH,
  RESPOND,
  RESUME,
  RESUME_OK,
  U31_MASK,
} from './FrameHeaderDescriptor.ts';
import { putHeader } from './putHeader.ts';

const NUMBER_OF_REQUESTS = 10;
const LEASE_METADATA = 14;
const KEEP_ALIVE_DATA = 14;
const PUSHED_METADATA = 6;
const RESUME_OK_LENGTH = 14;
const RESUME_TOKEN_LENGTH = 10;
const RESUME_TOKEN = 12;
/** 1 and 0, two bytes each. */
const VERSION = 0x0001_0000;

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
  putHeader(buffer, offset, 0, LEASE, metadataLength < 0 ? 0 : METADATA);
  buffer.putInt32(offset + HEADER_LENGTH, timeToLiveMs & U31_MASK);
  buffer.putInt32(offset + NUMBER_OF_REQUESTS, numberOfRequests & U31_MASK);
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
  putHeader(buffer, offset, 0, KEEPALIVE, respond ? RESPOND : 0);
  buffer.putUint64(offset + HEADER_LENGTH, lastReceivedPosition);
  if (dataLength > 0) buffer.putBuffer(offset + KEEP_ALIVE_DATA, data, dataOffset, dataLength);
  return KEEP_ALIVE_DATA + dataLength;
}

/** Bytes of a METADATA_PUSH frame with the metadata of `payload`. */
export function lengthOfMetadataPush(payload: PayloadFlyweight): number {
  return PUSHED_METADATA + Math.max(payload.metadataLength, 0);
}

/** @param payload its metadata is sent, its data is not @returns the length of the frame in bytes */
export function encodeMetadataPush(buffer: DirectBuffer, offset: number, payload: PayloadFlyweight): number {
  putHeader(buffer, offset, 0, METADATA_PUSH, METADATA);
  const metadataLength = payload.metadataLength;
  if (metadataLength <= 0) return PUSHED_METADATA;
  buffer.putBuffer(offset + PUSHED_METADATA, payload.metadataBuffer, payload.metadataOffset, metadataLength);
  return PUSHED_METADATA + metadataLength;
}

/** Bytes of a RESUME frame with a token of so many bytes. */
export function lengthOfResume(resumeTokenLength: number): number {
  return RESUME_TOKEN + resumeTokenLength + 16;
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
  const positions = offset + RESUME_TOKEN + resumeToken.length;
  putHeader(buffer, offset, 0, RESUME, 0);
  buffer.putInt32(offset + HEADER_LENGTH, VERSION);
  buffer.putUint16(offset + RESUME_TOKEN_LENGTH, resumeToken.length);
  buffer.putBytes(offset + RESUME_TOKEN, resumeToken);
  buffer.putUint64(positions, lastReceivedServerPosition);
  buffer.putUint64(positions + 8, firstAvailableClientPosition);
  return lengthOfResume(resumeToken.length);
}

/** Bytes of a RESUME_OK frame. */
export function lengthOfResumeOk(): number {
  return RESUME_OK_LENGTH;
}

/** @param lastReceivedClientPosition up to where the server has what the client sent @returns the length in bytes */
export function encodeResumeOk(buffer: DirectBuffer, offset: number, lastReceivedClientPosition: number): number {
  putHeader(buffer, offset, 0, RESUME_OK, 0);
  buffer.putUint64(offset + HEADER_LENGTH, lastReceivedClientPosition);
  return RESUME_OK_LENGTH;
}
