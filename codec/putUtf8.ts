import type { DirectBuffer } from '../flyweight/index.ts';

const REPLACEMENT = 0xfffd;

/** Bytes that `text` takes as UTF-8. Allocates nothing. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const codePoint = codePointAt(text, i);
    if (codePoint > 0xffff) i++;
    length += 1 + continuationBytes(codePoint);
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
    if (codePoint > 0xffff) i++;
    const more = continuationBytes(codePoint);
    // As many ones as there are bytes, then a zero; a single byte begins with the zero.
    const lead = more === 0 ? 0 : 0xff80 >>> more;
    buffer.putUint8(at++, lead | (codePoint >>> (6 * more)));
    for (let shift = 6 * (more - 1); shift >= 0; shift -= 6) {
      buffer.putUint8(at++, 0x80 | ((codePoint >>> shift) & 0x3f));
    }
  }
  return at - index;
}

/** Bytes of a code point after its first. */
function continuationBytes(codePoint: number): number {
  return codePoint < 0x80 ? 0 : codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
}

function codePointAt(text: string, i: number): number {
  const unit = text.charCodeAt(i);
  if ((unit & 0xf800) !== 0xd800) return unit;
  if (unit >= 0xdc00 || i + 1 >= text.length) return REPLACEMENT;
  const low = text.charCodeAt(i + 1);
  return (low & 0xfc00) === 0xdc00 ? 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff) : REPLACEMENT;
}
