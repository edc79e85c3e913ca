import { MetadataRegion } from './MetadataRegion.ts';
import { malformedMetadata } from './malformedMetadata.ts';
import { utf8Equals, utf8Text } from './utf8.ts';

/** The `routeLength` of routing metadata without a tag. */
export const NO_ROUTE: -1 = -1;

/**
 * View over routing metadata: tags, of which the first is the route by custom, not by law (spec: "Routing Metadata
 * Extension", version 0). Owns no bytes; allocates only where a name ends in `Utf8`.
 *
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +---------------+-----------------------------------------------+
 *     |    Length     |  tag, UTF-8, 0 to 255 bytes                  ...
 *     +---------------+-----------------------------------------------+
 *     |  the next tag, up to the end                                 ...
 *     +---------------------------------------------------------------+
 *
 *   example   03       61 2e 62
 *             3 bytes  "a.b"
 *
 * A cursor stands before the first tag, and `next` moves it on. The route can be asked for wherever it stands.
 * `wrap` also throws ERR_FLYSOCKET_METADATA_MALFORMED, if the first tag reaches beyond the end.
 */
export class RoutingFlyweight extends MetadataRegion {
  /** Where the first tag starts in `bytes`. */
  routeOffset = 0;
  /** In bytes, 0 to 255, or `NO_ROUTE`. */
  routeLength: number = NO_ROUTE;
  /** Where the tag starts in `bytes` that the cursor stands on. */
  tagOffset = 0;
  /** In bytes, 0 to 255. */
  tagLength = 0;
  #at = 0;

  /** Goes back before the first tag. */
  rewind(): this {
    this.#at = this.offset;
    this.tagOffset = this.offset;
    this.tagLength = 0;
    return this;
  }

  /**
   * Moves to the next tag; false if there is none.
   * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if the tag reaches beyond the end; each time it is called
   */
  next(): boolean {
    const end = this.offset + this.length;
    const start = this.#at + 1;
    if (start > end) {
      this.tagLength = 0;
      return false;
    }
    // The first tag has been read: a peer that changes its length meanwhile changes nothing.
    const isFirst = this.#at === this.offset && this.routeLength !== NO_ROUTE;
    const length = isFirst ? this.routeLength : (this.bytes[this.#at] as number);
    this.tagOffset = start;
    this.tagLength = 0;
    if (start + length > end) throw malformedMetadata('routing', `the tag at ${this.#at}`, 1 + length, end - this.#at);
    this.tagLength = length;
    this.#at = start + length;
    return true;
  }

  /** The route, or undefined if there is no tag. Allocates. */
  routeUtf8(): string | undefined {
    return this.routeLength < 0 ? undefined : utf8Text(this.bytes, this.routeOffset, this.routeLength);
  }

  /** Whether the route is this text, or these bytes. Allocates nothing. */
  routeEquals(route: string | Uint8Array): boolean {
    return this.routeLength >= 0 && this.#equals(this.routeOffset, this.routeLength, route);
  }

  /** The tag that the cursor stands on. Allocates. */
  tagUtf8(): string {
    return utf8Text(this.bytes, this.tagOffset, this.tagLength);
  }

  /** Whether the tag that the cursor stands on is this text, or these bytes. Allocates nothing. */
  tagEquals(tag: string | Uint8Array): boolean {
    return this.#equals(this.tagOffset, this.tagLength, tag);
  }

  protected override begin(): void {
    this.routeLength = NO_ROUTE;
    this.rewind();
    if (!this.next()) return;
    this.routeOffset = this.tagOffset;
    this.routeLength = this.tagLength;
    this.rewind();
  }

  #equals(offset: number, length: number, expected: string | Uint8Array): boolean {
    if (typeof expected === 'string') return utf8Equals(this.bytes, offset, length, expected);
    if (expected.length !== length) return false;
    for (let i = 0; i < length; i++) if (this.bytes[offset + i] !== expected[i]) return false;
    return true;
  }
}
