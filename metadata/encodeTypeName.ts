import { type DirectBuffer, RSocketError } from '../flyweight/index.ts';

/** Longest name of a MIME type or of a way to authenticate: its length less one goes into 7 bits. */
export const MAX_TYPE_NAME_LENGTH = 128;
const MAX_ID = 0x7f;
const WELL_KNOWN = 0x80;

/**
 * Bytes of a type, by number or by name.
 * @param id its number, or -1 if it has none
 * @throws RSocketError ERR_FLYSOCKET_METADATA_TYPE if it is no number from 0 to 127 and no name that may be sent
 */
export function lengthOfTypeName(type: number | string, id: number): number {
  if (typeof type === 'number' ? (id & MAX_ID) === id : id >= 0) return 1;
  if (typeof type === 'string' && isAscii(type) && type.length > 0 && type.length <= MAX_TYPE_NAME_LENGTH) {
    return 1 + type.length;
  }
  throw new RSocketError(
    'ERR_FLYSOCKET_METADATA_TYPE',
    `a type is an id from 0 to ${MAX_ID}, or 1 to ${MAX_TYPE_NAME_LENGTH} ASCII characters: ${type}`,
  );
}

/** Writes a type. Allocates nothing. Gives the length, and throws, as `lengthOfTypeName` does. */
export function encodeTypeName(buffer: DirectBuffer, offset: number, type: number | string, id: number): number {
  const length = lengthOfTypeName(type, id);
  if (typeof type === 'number' || id >= 0) {
    buffer.putUint8(offset, WELL_KNOWN | id);
  } else {
    buffer.putUint8(offset, type.length - 1);
    for (let i = 0; i < type.length; i++) buffer.putUint8(offset + 1 + i, type.charCodeAt(i));
  }
  return length;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
