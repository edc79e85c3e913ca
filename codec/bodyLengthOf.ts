import type { PayloadFlyweight } from '../flyweight/index.ts';
import { METADATA_LENGTH_SIZE } from './FrameHeaderDescriptor.ts';

/** Bytes of metadata, with its length where there is any, and data. */
export function bodyLengthOf(payload: PayloadFlyweight): number {
  const metadataLength = payload.metadataLength;
  return metadataLength < 0 ? payload.dataLength : METADATA_LENGTH_SIZE + metadataLength + payload.dataLength;
}
