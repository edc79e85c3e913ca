import { MimeTypeCursor } from './MimeTypeCursor.ts';

/**
 * View over a list of MIME types: the one of the data (0x7a, of which the first counts) or those that are accepted in
 * return (0x7b) (spec: "Stream Data MIME Types Metadata Extension", version 0). How each is written is drawn at
 * `MimeTypeCursor`. Owns no bytes; allocates only in `mimeTypeUtf8`.
 *
 *   example   85        02        61 2f 62
 *             M, 0x05   3 bytes   "a/b"
 *
 * A cursor stands before the first, and `next` moves it on.
 */
export class MimeTypesFlyweight extends MimeTypeCursor {
  /**
   * Moves to the next MIME type; false if there is none, and then it stands on none.
   * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if the name reaches beyond the end; each time it is called
   */
  next(): boolean {
    this.clear();
    if (this.at >= this.offset + this.length) return false;
    this.at = this.readMimeType('MIME type');
    return true;
  }

  /** Whether this MIME type is in the list, by number or by name. Moves the cursor. Allocates nothing. */
  includes(mimeType: number | string): boolean {
    this.begin();
    while (this.next()) if (this.isMimeType(mimeType)) return true;
    return false;
  }
}
