import type { DirectBuffer } from '../flyweight/index.ts';
import { encodeMimeType, lengthOfMimeType } from './encodeMimeType.ts';
import { metadataTooLong } from './metadataTooLong.ts';

/** Longest content of one entry of composite metadata, in bytes. */
export const MAX_ENTRY_CONTENT_LENGTH = 0xffffff;
const CONTENT_LENGTH_SIZE = 3;

/**
 * Bytes of an entry of composite metadata, content included. See `CompositeMetadataFlyweight`.
 * @param mimeType an id from 0 to 127, or 1 to 128 ASCII characters
 * @param contentLength in bytes, at most MAX_ENTRY_CONTENT_LENGTH
 * @throws RSocketError ERR_FLYSOCKET_METADATA_TYPE, ERR_FLYSOCKET_METADATA_TOO_LONG
 */
export function lengthOfCompositeEntry(mimeType: number | string, contentLength: number): number {
  checkContentLength(contentLength);
  return lengthOfMimeType(mimeType) + CONTENT_LENGTH_SIZE + contentLength;
}

/**
 * Writes what stands before the content; the content goes right behind it. Allocates nothing.
 * @returns the number of bytes written: where, from `offset`, the content goes
 * @throws RSocketError as `lengthOfCompositeEntry`, and nothing is written
 */
export function encodeCompositeEntryHeader(
  buffer: DirectBuffer,
  offset: number,
  mimeType: number | string,
  contentLength: number,
): number {
  checkContentLength(contentLength);
  const length = encodeMimeType(buffer, offset, mimeType);
  buffer.putUint24(offset + length, contentLength);
  return length + CONTENT_LENGTH_SIZE;
}

function checkContentLength(length: number): void {
  if ((length & MAX_ENTRY_CONTENT_LENGTH) === length) return;
  throw metadataTooLong('content of an entry', length, MAX_ENTRY_CONTENT_LENGTH);
}
