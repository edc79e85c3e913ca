import type { DirectBuffer } from '../flyweight/index.ts';

const REPLACEMENT = 0xfffd;

/** Bytes that `text` takes as UTF-8. Allocates nothing. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const codePoint = codePointAt(text, i);
    if (codePoint > 0xffff) i++;
    length += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
  return length;
}

/**
 * Writes `text` as UTF-8 at `index`, half of a surrogate pair as U+FFFD. Allocates nothing, which suits short texts:
 * `DirectBuffer.putUtf8` is faster from some hundred bytes on.
 * @returns the number of bytes written, which is `utf8Length(text)`
 */
export function putUtf8(buffer: DirectBuffer, index: number, text: string): number {
  let at = index;
  for (let i = 0; i < text.length; i++) {
    const codePoint = codePointAt(text, i);
    if (codePoint < 0x80) {
      buffer.putUint8(at++, codePoint);
    } else if (codePoint < 0x800) {
      buffer.putUint8(at++, 0xc0 | (codePoint >>> 6));
      buffer.putUint8(at++, 0x80 | (codePoint & 0x3f));
    } else if (codePoint < 0x10000) {
      buffer.putUint8(at++, 0xe0 | (codePoint >>> 12));
      buffer.putUint8(at++, 0x80 | ((codePoint >>> 6) & 0x3f));
      buffer.putUint8(at++, 0x80 | (codePoint & 0x3f));
    } else {
      i++;
      buffer.putUint8(at++, 0xf0 | (codePoint >>> 18));
      buffer.putUint8(at++, 0x80 | ((codePoint >>> 12) & 0x3f));
      buffer.putUint8(at++, 0x80 | ((codePoint >>> 6) & 0x3f));
      buffer.putUint8(at++, 0x80 | (codePoint & 0x3f));
    }
  }
  return at - index;
}

function codePointAt(text: string, i: number): number {
  const unit = text.charCodeAt(i);
  if ((unit & 0xf800) !== 0xd800) return unit;
  if (unit >= 0xdc00 || i + 1 >= text.length) return REPLACEMENT;
  const low = text.charCodeAt(i + 1);
  return (low & 0xfc00) === 0xdc00 ? 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff) : REPLACEMENT;
}
