import { markAsUntransferable } from 'node:worker_threads';
import { DirectBuffer } from '../../flyweight/index.ts';

/** Bytes up to which what arrived is looked at in the same place every time. */
const INBOX_LENGTH = 4096;
/** Bytes of an ArrayBuffer from which parts are given away. */
const SLAB_LENGTH = 8192;
/** Bytes of a part, at most. */
const MAX_PART_LENGTH = 1024;

/**
 * Copies bytes out of memory that is about to be used for something else.
 *
 * Claim: small copies in views that are there already, or in parts of a larger ArrayBuffer, are cheap. Mechanism: an
 * ArrayBuffer of more than 64 bytes is an allocation outside of the heap (128 bytes: 360 ns, a part 50 ns; measured).
 */
export class BytesReader {
  readonly #inbox: DirectBuffer = new DirectBuffer(new ArrayBuffer(INBOX_LENGTH));
  /** Views of the beginning of the inbox, by their length; made as they are needed. */
  readonly #views: (Uint8Array | undefined)[] = new Array(INBOX_LENGTH + 1).fill(undefined);
  #slab: DirectBuffer = newSlab();
  #used = 0;

  /** A view of a copy, exactly the bytes, valid until the next call. Allocates above 4 KiB, or at a new length. */
  view(buffer: DirectBuffer, offset: number, length: number): Uint8Array {
    if (length > INBOX_LENGTH) return this.copyOf(buffer, offset, length);
    this.#inbox.putBuffer(0, buffer, offset, length);
    const view = this.#views[length];
    if (view !== undefined) return view;
    const made = new Uint8Array(this.#inbox.buffer, 0, length);
    this.#views[length] = made;
    return made;
  }

  /** A copy in an ArrayBuffer of its own. */
  copyOf(buffer: DirectBuffer, offset: number, length: number): Uint8Array {
    return buffer.copyOf(offset, length);
  }

  /** A copy, a small one in an ArrayBuffer that it shares with others, as in Node's own pool of Buffers. */
  pooledCopyOf(buffer: DirectBuffer, offset: number, length: number): Uint8Array {
    if (length > MAX_PART_LENGTH) return buffer.copyOf(offset, length);
    if (this.#used + length > SLAB_LENGTH) {
      this.#slab = newSlab();
      this.#used = 0;
    }
    const start = this.#used;
    this.#slab.putBuffer(start, buffer, offset, length);
    this.#used = (start + length + 7) & ~7;
    return new Uint8Array(this.#slab.buffer, start, length);
  }
}

const slabs = new WeakSet<object>();

/** True for the memory of which `pooledCopyOf` gives parts: nobody may transfer it, since others hold parts too. */
export function isSharedSlab(memory: object): boolean {
  return slabs.has(memory);
}

function newSlab(): DirectBuffer {
  const memory = new ArrayBuffer(SLAB_LENGTH);
  slabs.add(memory);
  markAsUntransferable(memory);
  return new DirectBuffer(memory);
}
