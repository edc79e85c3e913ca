import type { DirectBuffer } from '../flyweight/index.ts';
import { metadataTooLong } from './metadataTooLong.ts';
import { putUtf8, utf8Length } from './utf8.ts';

/** Longest tag of routing metadata, so also the longest route, in bytes of UTF-8. */
export const MAX_TAG_LENGTH = 255;

/**
 * Bytes of a tag of routing metadata, of which the first is the route. See `RoutingFlyweight`.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_TOO_LONG if it takes more than MAX_TAG_LENGTH bytes
 */
export function lengthOfTag(tag: string): number {
  const length = utf8Length(tag);
  if (length > MAX_TAG_LENGTH) throw metadataTooLong('tag', length, MAX_TAG_LENGTH);
  return 1 + length;
}

/**
 * Writes a tag into a place of `lengthOfTag` bytes. Allocates nothing.
 * @returns the number of bytes written
 * @throws RSocketError as `lengthOfTag`, and nothing is written
 */
export function encodeTag(buffer: DirectBuffer, offset: number, tag: string): number {
  const length = lengthOfTag(tag);
  buffer.putUint8(offset, length - 1);
  putUtf8(buffer, offset + 1, tag);
  return length;
}
