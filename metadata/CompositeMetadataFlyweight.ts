import { MimeTypeCursor } from './MimeTypeCursor.ts';
import { malformedMetadata } from './malformedMetadata.ts';
import { idOfMimeType, mimeTypeOfId } from './mimeTypeIds.ts';

const CONTENT_LENGTH_SIZE = 3;

/**
 * View over composite metadata: any number of entries, each a MIME type and bytes of that type (spec: "Composite
 * Metadata Extension", version 0). Big-endian. Owns no bytes; allocates only in `mimeTypeUtf8` and `content`.
 *
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-------------+-----------------------------------------------+
 *     |M| id or len-1 |  name of the MIME type, unless M             ...
 *     +-+-------------+-------------------------------+---------------+
 *     |             Content length (24 bits)          |  content     ...
 *     +-----------------------------------------------+---------------+
 *     |  the next entry, up to the end                               ...
 *     +---------------------------------------------------------------+
 *
 *   example   fe         00 00 04   03 61 2e 62
 *             M, 0x7e    4 bytes    routing: "a.b"
 *
 * A cursor stands before the first entry, and `next` moves it on:
 *
 *     composite.wrap(payload.metadataBuffer, payload.metadataOffset, payload.metadataLength);
 *     while (composite.next()) if (composite.isMimeType(APPLICATION_JSON)) ...
 *
 * Entries come in the order in which they were written, also several of one MIME type, also empty ones. What is behind
 * the last entry looked at has not been checked.
 */
export class CompositeMetadataFlyweight extends MimeTypeCursor {
  /** Where the entry's content starts in `bytes`. */
  contentOffset = 0;
  /** In bytes, 0 to 16,777,215. */
  contentLength = 0;

  /**
   * Moves to the next entry; false if there is none, and then it stands on none.
   * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if the entry reaches beyond the end; each time it is called
   */
  next(): boolean {
    const bytes = this.bytes;
    const end = this.offset + this.length;
    this.clear();
    if (this.at >= end) return false;
    const lengthOffset = this.readMimeType('composite');
    const start = lengthOffset + CONTENT_LENGTH_SIZE;
    if (start > end) throw this.#cutOff('the content length', lengthOffset, CONTENT_LENGTH_SIZE);
    const length =
      ((bytes[lengthOffset] as number) << 16) |
      ((bytes[lengthOffset + 1] as number) << 8) |
      (bytes[lengthOffset + 2] as number);
    if (start + length > end) throw this.#cutOff('the content', start, length);
    this.contentOffset = start;
    this.contentLength = length;
    this.at = start + length;
    return true;
  }

  /**
   * Moves to the first entry of a MIME type, be it there by number or by name, wherever the cursor stood.
   * Allocates nothing.
   * @returns false if there is none
   * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED as `next`, if such an entry comes before it
   */
  find(mimeType: number | string): boolean {
    this.begin();
    return this.findNext(mimeType);
  }

  /** Like `find`, from behind where the cursor stands: the next one of the same MIME type. */
  findNext(mimeType: number | string): boolean {
    const isId = typeof mimeType === 'number';
    const id = isId ? mimeType : idOfMimeType(mimeType);
    const name = isId ? mimeTypeOfId(mimeType) : mimeType;
    while (this.next()) if (this.matches(id, name)) return true;
    return false;
  }

  /** The entry's content, over the very bytes. Allocates the view. */
  content(): Uint8Array {
    return this.bytes.subarray(this.contentOffset, this.contentOffset + this.contentLength);
  }

  protected override clear(): void {
    super.clear();
    this.contentOffset = this.at;
    this.contentLength = 0;
  }

  #cutOff(part: string, start: number, needed: number): Error {
    this.clear();
    return malformedMetadata('composite', `${part} at ${start}`, needed, this.offset + this.length - start);
  }
}
