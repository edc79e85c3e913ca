import { type DirectBuffer, RSocketError } from '../flyweight/index.ts';

const DIGITS = '0123456789abcdef';

/** Those bytes as lower-case hexadecimal digits, two each. Allocates. */
export function hexText(bytes: Uint8Array, offset: number, length: number): string {
  let text = '';
  for (let i = offset; i < offset + length; i++) {
    const byte = bytes[i] as number;
    text += DIGITS.charAt(byte >>> 4) + DIGITS.charAt(byte & 15);
  }
  return text;
}

/**
 * Writes the bytes that pairs of hexadecimal digits name. Allocates nothing.
 * @returns the number of bytes written
 * @throws RSocketError ERR_FLYSOCKET_TRACE_ID if there is another character among them
 */
export function putHex(buffer: DirectBuffer, index: number, text: string): number {
  const length = text.length >>> 1;
  for (let i = 0; i < length; i++) buffer.putUint8(index + i, (digitAt(text, 2 * i) << 4) | digitAt(text, 2 * i + 1));
  return length;
}

function digitAt(text: string, i: number): number {
  const code = text.charCodeAt(i);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x57;
  throw new RSocketError('ERR_FLYSOCKET_TRACE_ID', `no hexadecimal digit at ${i} of a trace or span id: ${text}`);
}
