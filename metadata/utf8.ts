import type { DirectBuffer } from '../flyweight/index.ts';

const REPLACEMENT = 0xfffd;
/** A byte order mark within a text is a character like any other. */
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes that `text` takes as UTF-8, half of a surrogate pair as U+FFFD. Allocates nothing. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const codePoint = codePointAt(text, i);
    if (codePoint > 0xffff) i++;
    length += sizeOf(codePoint);
  }
  return length;
}

/**
 * Writes `text` as UTF-8 at `index`. Allocates nothing.
 * @returns the number of bytes written, which is `utf8Length(text)`
 */
export function putUtf8(buffer: DirectBuffer, index: number, text: string): number {
  let at = index;
  for (let i = 0; i < text.length; i++) {
    const codePoint = codePointAt(text, i);
    if (codePoint > 0xffff) i++;
    const size = sizeOf(codePoint);
    for (let k = 0; k < size; k++) buffer.putUint8(at++, byteOf(codePoint, size, k));
  }
  return at - index;
}

/** Whether those bytes are what `putUtf8` would write for `text`. Allocates nothing. */
export function utf8Equals(bytes: Uint8Array, offset: number, length: number, text: string): boolean {
  if (text.length > length) return false;
  const end = offset + length;
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    const codePoint = codePointAt(text, i);
    if (codePoint > 0xffff) i++;
    const size = sizeOf(codePoint);
    if (at + size > end) return false;
    for (let k = 0; k < size; k++) if (bytes[at++] !== byteOf(codePoint, size, k)) return false;
  }
  return at === end;
}

/** Those bytes as text; malformed ones become U+FFFD. Allocates. */
export function utf8Text(bytes: Uint8Array, offset: number, length: number): string {
  const part = bytes.subarray(offset, offset + length);
  // Browsers refuse to decode shared memory, so decode a copy of it.
  return decoder.decode(bytes.buffer instanceof ArrayBuffer ? part : new Uint8Array(part));
}

function codePointAt(text: string, i: number): number {
  const unit = text.charCodeAt(i);
  if ((unit & 0xf800) !== 0xd800) return unit;
  if (unit >= 0xdc00 || i + 1 >= text.length) return REPLACEMENT;
  const low = text.charCodeAt(i + 1);
  return (low & 0xfc00) === 0xdc00 ? 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff) : REPLACEMENT;
}

function sizeOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** Byte `k` of a code point that takes `size` of them: the first says how many, the others carry six bits each. */
function byteOf(codePoint: number, size: number, k: number): number {
  if (size === 1) return codePoint;
  const bits = codePoint >>> (6 * (size - 1 - k));
  return k === 0 ? ((0xf00 >>> size) & 0xff) | bits : 0x80 | (bits & 0x3f);
}
