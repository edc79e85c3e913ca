/**
 * What a SETUP frame says, the counterpart of `encodeSetup`.
 * @see SetupFlyweight for the layout (spec: "SETUP Frame (0x01)")
 */
import { type DirectBuffer, NO_METADATA, type PayloadFlyweight } from '../flyweight/index.ts';
import type { SetupOptions } from './encodeSetup.ts';
import {
  HONOURS_LEASE,
  METADATA,
  METADATA_LENGTH_SIZE,
  RESUME_TOKEN,
  SETUP,
  TYPE_AND_FLAGS_FIELD_OFFSET,
  U31_MASK,
} from './FrameHeaderDescriptor.ts';
import { frameTooShort } from './malformedFrame.ts';
import {
  KEEP_ALIVE_INTERVAL_FIELD_OFFSET,
  LIFETIME_FIELD_OFFSET,
  MAJOR_VERSION_FIELD_OFFSET,
  MINOR_VERSION_FIELD_OFFSET,
  RESUME_TOKEN_FIELD_OFFSET,
} from './SetupDescriptor.ts';

const NO_RESUME_TOKEN = -1;

/** What a SETUP said beside its payload, all of it copied. */
export interface DecodedSetup extends SetupOptions {
  readonly majorVersion: number;
  readonly minorVersion: number;
  readonly lease: boolean;
}

/**
 * Reads a SETUP frame that `validateFrame` has found sound, and makes `payload` show its metadata and data over the
 * very bytes. Allocates.
 * @param offset where the frame starts in `buffer`, which holds all `length` bytes of it
 * @throws RSocketError ERR_FLYSOCKET_FRAME_TOO_SHORT (INVALID_SETUP) if it has changed since; `payload` is then as
 *   it was
 */
export function decodeSetup(
  buffer: DirectBuffer,
  offset: number,
  length: number,
  payload: PayloadFlyweight,
): DecodedSetup {
  const flags = buffer.getUint16(offset + TYPE_AND_FLAGS_FIELD_OFFSET);
  const end = offset + length;
  const tokenAt = offset + RESUME_TOKEN_FIELD_OFFSET;
  const tokenLength = (flags & RESUME_TOKEN) === 0 ? NO_RESUME_TOKEN : buffer.getUint16(tokenAt - 2);
  const metadataMimeTypeAt = tokenLength < 0 ? tokenAt - 1 : tokenAt + tokenLength + 1;
  const metadataMimeTypeLength = buffer.getUint8(metadataMimeTypeAt - 1);
  const dataMimeTypeAt = metadataMimeTypeAt + metadataMimeTypeLength + 1;
  const dataMimeTypeLength = buffer.getUint8(dataMimeTypeAt - 1);
  const bodyAt = dataMimeTypeAt + dataMimeTypeLength;
  const metadataLength = (flags & METADATA) === 0 ? NO_METADATA : buffer.getUint24(bodyAt);
  const dataAt = metadataLength < 0 ? bodyAt : bodyAt + METADATA_LENGTH_SIZE + metadataLength;
  if (dataAt > end) throw frameTooShort(SETUP, length, dataAt - offset);
  payload.wrapMetadata(buffer, bodyAt + METADATA_LENGTH_SIZE, metadataLength).wrapData(buffer, dataAt, end - dataAt);
  return {
    majorVersion: buffer.getUint16(offset + MAJOR_VERSION_FIELD_OFFSET),
    minorVersion: buffer.getUint16(offset + MINOR_VERSION_FIELD_OFFSET),
    keepAliveIntervalMs: buffer.getInt32(offset + KEEP_ALIVE_INTERVAL_FIELD_OFFSET) & U31_MASK,
    maxLifetimeMs: buffer.getInt32(offset + LIFETIME_FIELD_OFFSET) & U31_MASK,
    metadataMimeType: buffer.getUtf8(metadataMimeTypeAt, metadataMimeTypeLength),
    dataMimeType: buffer.getUtf8(dataMimeTypeAt, dataMimeTypeLength),
    lease: (flags & HONOURS_LEASE) !== 0,
    resumeToken: tokenLength < 0 ? undefined : buffer.copyOf(tokenAt, tokenLength),
  };
}
