import type { DirectBuffer, PayloadFlyweight } from '../flyweight/index.ts';
import { METADATA_LENGTH_SIZE } from './FrameHeaderDescriptor.ts';

/**
 * Writes metadata, with its 24-bit length where there is any, and data at `index`: the body of `FrameBodyFlyweight`.
 * Copies each part once and allocates nothing for parts of up to 4 KiB (see `DirectBuffer.putBuffer`).
 * @returns the index after it
 */
export function putBody(buffer: DirectBuffer, index: number, payload: PayloadFlyweight): number {
  let at = index;
  const metadataLength = payload.metadataLength;
  if (metadataLength >= 0) {
    buffer.putUint24(at, metadataLength);
    at += METADATA_LENGTH_SIZE;
    if (metadataLength > 0) {
      buffer.putBuffer(at, payload.metadataBuffer, payload.metadataOffset, metadataLength);
      at += metadataLength;
    }
  }
  const dataLength = payload.dataLength;
  if (dataLength > 0) buffer.putBuffer(at, payload.dataBuffer, payload.dataOffset, dataLength);
  return at + dataLength;
}
