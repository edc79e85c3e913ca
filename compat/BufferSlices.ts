import type { DirectBuffer } from '../flyweight/index.ts';
import { SliceAllocator } from '../pool/index.ts';

/** Length of a slab: as much as Node's own pool, from which `Buffer.from` cuts. */
const SLAB_BYTES = 8_192;

/**
 * Copies bytes into Buffers of exactly their length, which whoever gets them may keep for as long as he likes: that
 * library has no way of giving them back.
 *
 * Up to a quarter of a slab they are slices of one, as what Node's `Buffer.from` makes: 105 ns for 128 bytes out of
 * shared memory, where `Buffer.allocUnsafe` and `set` take 280 and `allocUnsafeSlow` 350 (measured), for the place of
 * a slice can be chosen so that it is copied by words. The price: one that is kept keeps its slab of 8 KiB. Longer ones
 * have memory of their own. Metadata and data are copied each for itself, so that keeping one does not keep the other.
 */
export class BufferSlices {
  readonly #slices: SliceAllocator = new SliceAllocator(SLAB_BYTES);

  copyOf(buffer: DirectBuffer, offset: number, length: number): Buffer {
    const slices = this.#slices;
    const at = slices.allocate(length, (buffer.byteOffset + offset) & 7);
    const target = slices.buffer;
    target.putBuffer(at, buffer, offset, length);
    return Buffer.from(target.buffer as ArrayBuffer, at, length);
  }
}
