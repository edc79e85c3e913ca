/**
 * The SETUP frame, with which a client begins.
 * @see SetupFlyweight for the layout (spec: "SETUP Frame (0x01)")
 */
import {
  type DirectBuffer,
  FrameFlag,
  type PayloadFlyweight,
  RSocketError,
  SetupFlyweight,
} from '../flyweight/index.ts';
import { putBody } from './putBody.ts';

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
  const tokenLength = resumeToken === undefined ? SetupFlyweight.NO_RESUME_TOKEN : resumeToken.length;
  if (tokenLength > MAX_RESUME_TOKEN_LENGTH) {
    throw new RSocketError(
      'ERR_FLYSOCKET_RESUME_TOKEN',
      `resume token too long: ${tokenLength} bytes, limit ${MAX_RESUME_TOKEN_LENGTH}`,
    );
  }
  return SetupFlyweight.frameLength(
    tokenLength,
    metadataMimeType.length,
    dataMimeType.length,
    payload.metadataLength,
    payload.dataLength,
  );
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
    (payload.metadataLength >= 0 ? FrameFlag.METADATA : 0) |
    (token === undefined ? 0 : FrameFlag.RESUME) |
    (options.lease === true ? FrameFlag.LEASE : 0);
  SetupFlyweight.putHeader(buffer, offset, flags);
  SetupFlyweight.putMajorVersion(buffer, offset, options.majorVersion ?? 1);
  SetupFlyweight.putMinorVersion(buffer, offset, options.minorVersion ?? 0);
  SetupFlyweight.putKeepAliveIntervalMs(buffer, offset, options.keepAliveIntervalMs);
  SetupFlyweight.putMaxLifetimeMs(buffer, offset, options.maxLifetimeMs);
  let at = offset + SetupFlyweight.RESUME_TOKEN_LENGTH_FIELD_OFFSET;
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
