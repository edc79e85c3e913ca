export const COMPOSITE_METADATA = 'message/x.rsocket.composite-metadata.v0';

/** The same frame behind its length, as TCP has it. */
export function prefixed(frame: Uint8Array): Uint8Array {
  return Uint8Array.from([frame.length >>> 16, (frame.length >>> 8) & 0xff, frame.length & 0xff, ...frame]);
}

/** Bytes by their hex digits; spaces may part them. */
export function bytesOfHex(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

/** The UTF-8 of a text, as hex digits. */
export function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** The same hex digits behind the number of bytes they stand for. */
export function counted(lengthBytes: number, hex: string): string {
  return (hex.length / 2).toString(16).padStart(2 * lengthBytes, '0') + hex;
}

/** An entry of composite metadata, of a well-known MIME type, as hex digits. */
export function entry(mimeId: number, hex: string): string {
  return (0x80 | mimeId).toString(16) + counted(3, hex);
}

/** A SETUP for text; the resume token and the metadata, if any, as hex digits. */
export function setupFrame(metadataMimeType: string, token?: string, metadata?: string): Uint8Array {
  const flags = (token === undefined ? 0 : 0x80) | (metadata === undefined ? 0 : 0x100);
  return bytesOfHex(
    `00000000 ${(0x0400 | flags).toString(16).padStart(4, '0')} 00010000 00004e20 00015f90` +
      (token === undefined ? '' : counted(2, token)) +
      counted(1, hexOf(metadataMimeType)) +
      counted(1, hexOf('text/plain')) +
      (metadata === undefined ? '' : counted(3, metadata)),
  );
}
