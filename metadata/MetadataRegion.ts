import { type DirectBuffer, NO_METADATA, RSocketError } from '../flyweight/index.ts';

const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * What the flyweights of this room have in common: a region of bytes that they read in place. They own no bytes, they
 * check every length against the region before they believe it, and they read each length once, so that a peer who
 * shares the memory and changes it meanwhile can't lead them out. All offsets that they give count from the start of
 * the buffer, or array, that was wrapped.
 */
export class MetadataRegion {
  /** The memory: the bytes of the buffer that was wrapped. */
  bytes: Uint8Array = EMPTY;
  /** Where the region starts in `bytes`. */
  offset = 0;
  /** Of the region, in bytes. */
  length = 0;

  /**
   * Shows another region. Allocates nothing.
   * @param length in bytes, or NO_METADATA, which reads as empty
   * @throws RSocketError ERR_FLYSOCKET_OUT_OF_BOUNDS if the region does not lie within the buffer; and see the class
   */
  wrap(buffer: DirectBuffer, offset: number, length: number): this {
    return this.wrapBytes(buffer.bytes, offset, length === NO_METADATA ? 0 : length);
  }

  /** Shows an array, or a part of one. Otherwise like `wrap`. */
  wrapBytes(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): this {
    if ((offset | length) < 0 || offset + length > bytes.length) {
      throw new RSocketError(
        'ERR_FLYSOCKET_OUT_OF_BOUNDS',
        `out of bounds: index=${offset}, length=${length}, capacity=${bytes.length}`,
      );
    }
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.begin();
    return this;
  }

  /** Goes to the start of the region, and forgets what was read of another. */
  protected begin(): void {}
}
