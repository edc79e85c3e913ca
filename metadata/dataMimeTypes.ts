import { contentOf } from './contentOf.ts';
import { MimeTypesFlyweight } from './MimeTypesFlyweight.ts';
import { MESSAGE_RSOCKET_ACCEPT_MIMETYPES, MESSAGE_RSOCKET_MIMETYPE } from './wellKnownMimeTypes.ts';

/**
 * What composite metadata says the data of this stream is. Undefined if it says nothing, then it is what the connection
 * says; or if it gives an id that has no name.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if an entry up to that one, or the name, reaches beyond the end
 */
export function dataMimeTypeOf(metadata: Uint8Array | undefined): string | undefined {
  const list = listOf(metadata, MESSAGE_RSOCKET_MIMETYPE);
  return list.next() ? list.mimeTypeUtf8() : undefined;
}

/**
 * What composite metadata says the answers' data may be, best first; ids without a name are left out. Empty if it says
 * nothing.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if an entry up to that one, or a name, reaches beyond the end
 */
export function acceptMimeTypesOf(metadata: Uint8Array | undefined): string[] {
  const list = listOf(metadata, MESSAGE_RSOCKET_ACCEPT_MIMETYPES);
  const names: string[] = [];
  while (list.next()) {
    const name = list.mimeTypeUtf8();
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** The list in the first entry of that type; an empty one if there is no such entry. */
function listOf(metadata: Uint8Array | undefined, mimeType: string): MimeTypesFlyweight {
  const list = new MimeTypesFlyweight();
  const content = contentOf(metadata, mimeType);
  return content === undefined ? list : list.wrapBytes(content);
}
