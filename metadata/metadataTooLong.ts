import { RSocketError } from '../flyweight/index.ts';

/** The error for a part that is longer than its length field can say. */
export function metadataTooLong(part: string, length: number, limit: number): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_METADATA_TOO_LONG', `${part} too long: ${length} bytes, limit ${limit}`);
}
