import { MetadataRegion } from './MetadataRegion.ts';
import { malformedMetadata } from './malformedMetadata.ts';
import { idOfMimeType, mimeTypeOfId, NO_MIME_TYPE_ID } from './mimeTypeIds.ts';
import { utf8Equals, utf8Text } from './utf8.ts';

const WELL_KNOWN = 0x80;

/**
 * Reads MIME types, one after the other, each by its number or by its name:
 *
 *      0 1 2 3 4 5 6 7             0 1 2 3 4 5 6 7
 *     +-+-------------+           +-+-------------+---------------------------+
 *     |1|     id      |    or     |0| length - 1  |  name, 1 to 128 bytes  ...
 *     +-+-------------+           +-+-------------+---------------------------+
 */
export class MimeTypeCursor extends MetadataRegion {
  /** 0 to 127, or `NO_MIME_TYPE_ID` if the type is there by its name. */
  mimeTypeId: number = NO_MIME_TYPE_ID;
  /** Where the name starts in `bytes`, if the type is there by its name. */
  mimeTypeOffset = 0;
  /** Of the name, in bytes: 1 to 128, or 0 if the type is there by its number. */
  mimeTypeLength = 0;
  /** Where in `bytes` to read on. */
  protected at = 0;

  /** Goes back before the first. */
  rewind(): this {
    this.begin();
    return this;
  }

  /** Whether it stands on this MIME type, be it there by number or by name. Allocates nothing. */
  isMimeType(mimeType: number | string): boolean {
    return typeof mimeType === 'number'
      ? this.matches(mimeType, mimeTypeOfId(mimeType))
      : this.matches(idOfMimeType(mimeType), mimeType);
  }

  /** The MIME type's name, or undefined for a number that has none. Allocates if the type is there by its name. */
  mimeTypeUtf8(): string | undefined {
    if (this.mimeTypeLength === 0) return mimeTypeOfId(this.mimeTypeId);
    return utf8Text(this.bytes, this.mimeTypeOffset, this.mimeTypeLength);
  }

  /** As `isMimeType`, for who has looked up both. */
  protected matches(id: number, name: string | undefined): boolean {
    if (this.mimeTypeLength === 0) return id >= 0 && this.mimeTypeId === id;
    return name !== undefined && utf8Equals(this.bytes, this.mimeTypeOffset, this.mimeTypeLength, name);
  }

  protected override begin(): void {
    this.at = this.offset;
    this.clear();
  }

  /** Stands on no MIME type. */
  protected clear(): void {
    this.mimeTypeId = NO_MIME_TYPE_ID;
    this.mimeTypeOffset = this.at;
    this.mimeTypeLength = 0;
  }

  /** Reads the MIME type at `at`, where there is at least a byte, and gives the place after it, which lies within. */
  protected readMimeType(extension: string): number {
    const end = this.offset + this.length;
    const start = this.at + 1;
    const head = this.bytes[this.at] as number;
    if (head >= WELL_KNOWN) {
      this.mimeTypeId = head ^ WELL_KNOWN;
      this.mimeTypeOffset = start;
      this.mimeTypeLength = 0;
      return start;
    }
    const length = head + 1;
    if (start + length > end)
      throw malformedMetadata(extension, `the MIME type at ${this.at}`, 1 + length, end - this.at);
    this.mimeTypeId = NO_MIME_TYPE_ID;
    this.mimeTypeOffset = start;
    this.mimeTypeLength = length;
    return start + length;
  }
}
