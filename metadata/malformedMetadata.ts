import { ErrorCode, RSocketError } from '../flyweight/index.ts';

/**
 * The error for metadata of which a part reaches beyond the end. A handler that lets it pass ends the request with
 * INVALID.
 */
export function malformedMetadata(extension: string, part: string, needed: number, left: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_METADATA_MALFORMED',
    `malformed ${extension} metadata: ${part} needs ${needed} bytes, left ${left}`,
    ErrorCode.INVALID,
  );
}
