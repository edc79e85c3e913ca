/**
 * The SETUP frame, with which a client begins.
 * @see SetupFlyweight for the layout (spec: "SETUP Frame (0x01)")
 */
import { type DirectBuffer, type PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import { bodyLengthOf } from './bodyLengthOf.ts';
import { HONOURS_LEASE, METADATA, RESUME_TOKEN, SETUP, U31_MASK } from './FrameHeaderDescriptor.ts';
import { putBody } from './putBody.ts';
import { putHeader } from './putHeader.ts';
import {
  KEEP_ALIVE_INTERVAL_FIELD_OFFSET,
  LIFETIME_FIELD_OFFSET,
  MAJOR_VERSION_FIELD_OFFSET,
  MINOR_VERSION_FIELD_OFFSET,
  RESUME_TOKEN_LENGTH_FIELD_OFFSET,
} from './SetupDescriptor.ts';

const MAX_MIME_TYPE_LENGTH = 0xff;
const MAX_RESUME_TOKEN_LENGTH = 0xffff;

/** What SETUP says beside its payload. */
export interface SetupOptions {
  /** 1 to 2^31 - 1 milliseconds between two KEEPALIVE frames of the client. */
  readonly keepAliveIntervalMs: number;
  /** 1 to 2^31 - 1 milliseconds without a KEEPALIVE after which the peer counts as dead. */
  readonly maxLifetimeMs: number;
  /** At most 255 ASCII characters. */
  readonly metadataMimeType: string;
  /** At most 255 ASCII characters. */
  readonly dataMimeType: string;
  /** The client will wait for leases and honour them; false unless said. */
  readonly lease?: boolean | undefined;
  /** At most 65,535 bytes; the session cannot be resumed without. */
  readonly resumeToken?: Uint8Array | undefined;
  /** 1 unless said. */
  readonly majorVersion?: number | undefined;
  /** 0 unless said. */
  readonly minorVersion?: number | undefined;
}

/**
 * Bytes of the SETUP frame.
 * @throws RSocketError ERR_FLYSOCKET_MIME_TYPE, ERR_FLYSOCKET_RESUME_TOKEN if one of them is longer than its length
 *   field can say, or a MIME type is not ASCII
 */
export function lengthOfSetup(options: SetupOptions, payload: PayloadFlyweight): number {
  const { metadataMimeType, dataMimeType, resumeToken } = options;
  checkMimeType(metadataMimeType);
  checkMimeType(dataMimeType);
  let length =
    RESUME_TOKEN_LENGTH_FIELD_OFFSET + 1 + metadataMimeType.length + 1 + dataMimeType.length + bodyLengthOf(payload);
  if (resumeToken !== undefined) {
    length += 2 + resumeToken.length;
    if (resumeToken.length > MAX_RESUME_TOKEN_LENGTH) {
      throw new RSocketError(
        'ERR_FLYSOCKET_RESUME_TOKEN',
        `resume token too long: ${resumeToken.length} bytes, limit ${MAX_RESUME_TOKEN_LENGTH}`,
      );
    }
  }
  return length;
}

/**
 * Writes SETUP into a place of `lengthOfSetup` bytes, which has also checked the options. Allocates nothing.
 * @returns the length of the frame in bytes
 */
export function encodeSetup(
  buffer: DirectBuffer,
  offset: number,
  options: SetupOptions,
  payload: PayloadFlyweight,
): number {
  const token = options.resumeToken;
  const flags =
    (payload.metadataLength >= 0 ? METADATA : 0) |
    (token === undefined ? 0 : RESUME_TOKEN) |
    (options.lease === true ? HONOURS_LEASE : 0);
  putHeader(buffer, offset, 0, SETUP, flags);
  buffer.putUint16(offset + MAJOR_VERSION_FIELD_OFFSET, options.majorVersion ?? 1);
  buffer.putUint16(offset + MINOR_VERSION_FIELD_OFFSET, options.minorVersion ?? 0);
  buffer.putInt32(offset + KEEP_ALIVE_INTERVAL_FIELD_OFFSET, options.keepAliveIntervalMs & U31_MASK);
  buffer.putInt32(offset + LIFETIME_FIELD_OFFSET, options.maxLifetimeMs & U31_MASK);
  let at = offset + RESUME_TOKEN_LENGTH_FIELD_OFFSET;
  if (token !== undefined) {
    buffer.putUint16(at, token.length);
    buffer.putBytes(at + 2, token);
    at += 2 + token.length;
  }
  at = putMimeType(buffer, at, options.metadataMimeType);
  at = putMimeType(buffer, at, options.dataMimeType);
  return putBody(buffer, at, payload) - offset;
}

function putMimeType(buffer: DirectBuffer, index: number, mimeType: string): number {
  const length = mimeType.length;
  buffer.putUint8(index, length);
  for (let i = 0; i < length; i++) buffer.putUint8(index + 1 + i, mimeType.charCodeAt(i));
  return index + 1 + length;
}

function checkMimeType(mimeType: string): void {
  let ascii = true;
  for (let i = 0; i < mimeType.length; i++) ascii &&= mimeType.charCodeAt(i) < 0x80;
  if (ascii && mimeType.length <= MAX_MIME_TYPE_LENGTH) return;
  throw new RSocketError(
    'ERR_FLYSOCKET_MIME_TYPE',
    `MIME type of ${mimeType.length} characters, limit ${MAX_MIME_TYPE_LENGTH}, ASCII=${ascii}: ${mimeType}`,
  );
}
