import { CompositeMetadataFlyweight } from './CompositeMetadataFlyweight.ts';

/**
 * The content of the first entry of a MIME type in composite metadata: the very bytes, not a copy. Undefined if there
 * is no such entry, or no metadata.
 * @param mimeType a name or an id; an entry is found by either, whichever way it was sent
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if an entry up to that one reaches beyond the end
 */
export function contentOf(metadata: Uint8Array | undefined, mimeType: number | string): Uint8Array | undefined {
  if (metadata === undefined) return undefined;
  const composite = new CompositeMetadataFlyweight().wrapBytes(metadata);
  return composite.find(mimeType) ? composite.content() : undefined;
}
