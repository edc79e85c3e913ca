import { CompositeMetadataFlyweight } from './CompositeMetadataFlyweight.ts';

/** One entry of composite metadata, for who reads it as an object. */
export interface CompositeMetadataEntry {
  /** The name, or undefined for an id that has none. */
  readonly mimeType: string | undefined;
  /** 0 to 127, or -1 if the entry has the MIME type by its name. */
  readonly mimeTypeId: number;
  /** The very bytes, not a copy: they live as long as what was decoded. */
  readonly content: Uint8Array;
}

/**
 * The entries of composite metadata, in order, one at a time: an entry is read when it is asked for. Absent metadata
 * has none. Allocates for each entry; `CompositeMetadataFlyweight` does not.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED from the iteration, at the entry that reaches beyond the end
 */
export function* decodeCompositeMetadata(
  metadata: Uint8Array | undefined,
): Generator<CompositeMetadataEntry, void, undefined> {
  if (metadata === undefined) return;
  const cursor = new CompositeMetadataFlyweight().wrapBytes(metadata);
  while (cursor.next()) {
    yield { mimeType: cursor.mimeTypeUtf8(), mimeTypeId: cursor.mimeTypeId, content: cursor.content() };
  }
}
