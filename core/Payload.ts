import { type DirectBuffer, EMPTY_BUFFER, NO_METADATA, type PayloadFlyweight } from '../flyweight/index.ts';
import type { PooledBuffer, SliceAllocator } from '../pool/index.ts';

/**
 * What a caller may send: bytes are sent as they are, text as UTF-8. A part left out is absent, data then empty. Data
 * in a `PooledBuffer` is not released by sending it; of `RSocketPeer.allocate` it may go without being copied.
 */
export interface PayloadInit {
  readonly data?: Uint8Array | string | PooledBuffer | undefined;
  readonly metadata?: Uint8Array | string | undefined;
}

/** A payload, or its data alone. It is read before the call returns, unless the call has to wait for room. */
export type PayloadLike = PayloadInit | Uint8Array | string;

/**
 * A payload that its holder owns, copied out of the transport once, into a slice of a larger slab: that costs a quarter
 * of an array of its own (measured). It is kept alive by being held, and there is nothing to release. Sent on as it is,
 * it is copied from there without making a view.
 */
export class Payload implements PayloadInit {
  /** No metadata and empty data. */
  static readonly EMPTY: Payload = new Payload(EMPTY_BUFFER, 0, NO_METADATA, 0, 0);

  /** The slab, for who reads in place. */
  readonly buffer: DirectBuffer;
  /** Where the metadata starts in `buffer`, and its length: -1 if absent. */
  readonly metadataOffset: number;
  readonly metadataLength: number;
  readonly dataOffset: number;
  readonly dataLength: number;

  constructor(
    buffer: DirectBuffer,
    metadataOffset: number,
    metadataLength: number,
    dataOffset: number,
    dataLength: number,
  ) {
    this.buffer = buffer;
    this.metadataOffset = metadataOffset;
    this.metadataLength = metadataLength;
    this.dataOffset = dataOffset;
    this.dataLength = dataLength;
  }

  /** Copies what `view` shows. The data lies congruent with its source, so that the copy goes by words. */
  static copyOf(view: PayloadFlyweight, allocator: SliceAllocator): Payload {
    const { metadataLength, dataLength, dataBuffer } = view;
    const before = Math.max(metadataLength, 0);
    const alignment = (dataBuffer.byteOffset + view.dataOffset - before) & 7;
    const offset = allocator.allocate(before + dataLength, alignment);
    const buffer = allocator.buffer;
    const dataOffset = offset + before;
    if (before > 0) buffer.putBuffer(offset, view.metadataBuffer, view.metadataOffset, before);
    buffer.putBuffer(dataOffset, dataBuffer, view.dataOffset, dataLength);
    return new Payload(buffer, offset, metadataLength, dataOffset, dataLength);
  }

  /** The data. Each access makes a view of about 100 bytes over the same memory. */
  get data(): Uint8Array {
    return this.buffer.slice(this.dataOffset, this.dataLength);
  }

  /** The metadata, or undefined if absent; empty metadata is not absent. */
  get metadata(): Uint8Array | undefined {
    if (this.metadataLength === NO_METADATA) return undefined;
    return this.buffer.slice(this.metadataOffset, this.metadataLength);
  }

  /** The data as UTF-8 text. */
  dataUtf8(): string {
    return this.buffer.getUtf8(this.dataOffset, this.dataLength);
  }

  /** The metadata as UTF-8 text, or undefined if absent. */
  metadataUtf8(): string | undefined {
    if (this.metadataLength === NO_METADATA) return undefined;
    return this.buffer.getUtf8(this.metadataOffset, this.metadataLength);
  }
}
