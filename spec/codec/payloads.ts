import { DirectBuffer, NO_METADATA, PayloadFlyweight } from 'flysocket/flyweight';

/** A part of a payload as a test gives it: text, bytes, or absent. */
export type Part = string | Uint8Array | undefined;

/** A payload over memory of its own; metadata lies before data, with a gap, and neither starts on a word. */
export function payloadOf(metadata: Part, data: Part): PayloadFlyweight {
  const metadataBytes = bytesOfPart(metadata);
  const dataBytes = bytesOfPart(data);
  const buffer = new DirectBuffer(new ArrayBuffer(metadataBytes.length + dataBytes.length + 16));
  const dataOffset = metadataBytes.length + 9;
  buffer.putBytes(1, metadataBytes);
  buffer.putBytes(dataOffset, dataBytes);
  const payload = new PayloadFlyweight().wrapData(buffer, dataOffset, dataBytes.length);
  return metadata === undefined ? payload : payload.wrapMetadata(buffer, 1, metadataBytes.length);
}

/** What a payload shows, to be compared. */
export function contentsOf(payload: PayloadFlyweight): { metadata: string | null; data: string } {
  return {
    metadata: payload.metadataLength === NO_METADATA ? null : hexOf(payload.copyOfMetadata() as Uint8Array),
    data: hexOf(payload.copyOfData()),
  };
}

export function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** The bytes of one frame in a buffer. */
export function frameHex(buffer: DirectBuffer, offset: number, length: number): string {
  return hexOf(buffer.copyOf(offset, length));
}

/** Bytes that differ from place to place, and with `seed`. */
export function pattern(length: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >>> 8) * 7 + seed) & 0xff;
  return bytes;
}

function bytesOfPart(part: Part): Uint8Array {
  return typeof part === 'string' ? new TextEncoder().encode(part) : (part ?? new Uint8Array(0));
}
