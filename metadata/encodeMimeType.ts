import type { DirectBuffer } from '../flyweight/index.ts';
import { encodeTypeName, lengthOfTypeName } from './encodeTypeName.ts';
import { idOfMimeType } from './mimeTypeIds.ts';

/**
 * Bytes of a MIME type in a list of them: 1 if it has a number. See `MimeTypesFlyweight`.
 * @param mimeType an id from 0 to 127, or 1 to 128 ASCII characters
 * @throws RSocketError ERR_FLYSOCKET_METADATA_TYPE for any other
 */
export function lengthOfMimeType(mimeType: number | string): number {
  return lengthOfTypeName(mimeType, typeof mimeType === 'number' ? mimeType : idOfMimeType(mimeType));
}

/**
 * Writes a MIME type into a place of `lengthOfMimeType` bytes, by its number if it has one. Allocates nothing.
 * @returns the number of bytes written
 * @throws RSocketError ERR_FLYSOCKET_METADATA_TYPE as `lengthOfMimeType`
 */
export function encodeMimeType(buffer: DirectBuffer, offset: number, mimeType: number | string): number {
  const id = typeof mimeType === 'number' ? mimeType : idOfMimeType(mimeType);
  return encodeTypeName(buffer, offset, mimeType, id);
}
