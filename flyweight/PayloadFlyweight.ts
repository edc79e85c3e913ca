/**
 * View over one payload: data, and metadata that may be absent. It owns no bytes. Where it was handed to a callback it
 * is valid until that callback returns, and the same object then shows the next payload: copy what is to be kept.
 *
 * It is both what arrives (both parts lie in one frame) and what is sent (each part may lie in a buffer of its own).
 * Absent metadata (`metadataLength` -1) and empty metadata (0) are different things on the wire.
 */
import type { DirectBuffer } from './DirectBuffer.ts';
import { EMPTY_BUFFER } from './EMPTY_BUFFER.ts';

/** The `metadataLength` of a payload without metadata. */
export const NO_METADATA: -1 = -1;

export class PayloadFlyweight {
  metadataBuffer: DirectBuffer = EMPTY_BUFFER;
  metadataOffset = 0;
  /** In bytes, or `NO_METADATA`. */
  metadataLength: number = NO_METADATA;
  dataBuffer: DirectBuffer = EMPTY_BUFFER;
  dataOffset = 0;
  /** In bytes. */
  dataLength = 0;

  /** Shows no bytes at all: absent metadata, empty data. */
  clear(): this {
    this.metadataBuffer = EMPTY_BUFFER;
    this.metadataOffset = 0;
    this.metadataLength = NO_METADATA;
    this.dataBuffer = EMPTY_BUFFER;
    this.dataOffset = 0;
    this.dataLength = 0;
    return this;
  }

  wrapMetadata(buffer: DirectBuffer, offset: number, length: number): this {
    this.metadataBuffer = buffer;
    this.metadataOffset = offset;
    this.metadataLength = length;
    return this;
  }

  wrapData(buffer: DirectBuffer, offset: number, length: number): this {
    this.dataBuffer = buffer;
    this.dataOffset = offset;
    this.dataLength = length;
    return this;
  }

  /** Shows what `other` shows. */
  wrap(other: PayloadFlyweight): this {
    this.wrapMetadata(other.metadataBuffer, other.metadataOffset, other.metadataLength);
    return this.wrapData(other.dataBuffer, other.dataOffset, other.dataLength);
  }

  get hasMetadata(): boolean {
    return this.metadataLength >= 0;
  }

  /** The data as UTF-8 text. Allocates. */
  dataUtf8(): string {
    return this.dataBuffer.getUtf8(this.dataOffset, this.dataLength);
  }

  /** The metadata as UTF-8 text, or undefined if absent. Allocates. */
  metadataUtf8(): string | undefined {
    if (this.metadataLength < 0) return undefined;
    return this.metadataBuffer.getUtf8(this.metadataOffset, this.metadataLength);
  }

  /** A copy of the data that the caller owns. */
  copyOfData(): Uint8Array {
    return this.dataBuffer.copyOf(this.dataOffset, this.dataLength);
  }

  /** A copy of the metadata that the caller owns, or undefined if absent. */
  copyOfMetadata(): Uint8Array | undefined {
    if (this.metadataLength < 0) return undefined;
    return this.metadataBuffer.copyOf(this.metadataOffset, this.metadataLength);
  }
}
