/**
 * Slices of many buffers that read as one, in the order in which they were added.
 *
 *  components   | a: 1400 bytes of pooled memory | b: 64 bytes | c: 900 bytes |       length 2364
 *  index        0                                1400          1464           2364
 *
 * What is added as a `PooledBuffer` is held, not copied. Pieces of up to 256 bytes are copied behind one another into
 * a tail of pooled memory, for many tiny components would pin far more memory than they hold. For the same reason each
 * component is charged 128 bytes beside its length against `maxBytes`, and their number is limited.
 *
 * Reading allocates nothing but where a method says so, nor does adding, once the composite has held as many
 * components before: keep it, and `reset` it. One thread's own, like the pool it works with.
 */
import { type DirectBuffer, RSocketError } from '../flyweight/index.ts';
import type { BufferPool } from './BufferPool.ts';
import { ComponentList } from './ComponentList.ts';
import type { PooledBuffer } from './PooledBuffer.ts';

/** What a component costs beside its bytes. */
export const COMPONENT_OVERHEAD_BYTES: number = 128;
/** A piece of up to this many bytes is copied rather than held. */
export const MAX_COALESCED_BYTES: number = 256;
/** Bytes with their overhead that a composite may hold unless said otherwise. */
export const DEFAULT_MAX_COMPOSITE_BYTES: number = 16 * 1024 * 1024;
/** Components that a composite may hold unless said otherwise. */
export const DEFAULT_MAX_COMPONENTS: number = 1024;

/** A tail is as long as all that is there already, within these bounds: few tails hold much, and waste little. */
const MIN_TAIL_BYTES = 2 * 1024;
const MAX_TAIL_BYTES = 64 * 1024;

/** The limits of a composite. */
export interface CompositeBufferOptions {
  /** Limit of the bytes together with `COMPONENT_OVERHEAD_BYTES` for each component. */
  readonly maxBytes?: number;
  readonly maxComponents?: number;
}

export class CompositeBuffer {
  readonly maxBytes: number;
  readonly maxComponents: number;
  readonly #pool: BufferPool;
  readonly #components: ComponentList;
  /** Where small pieces go; the components that lie in it hold its references. */
  #tail: PooledBuffer | null;
  #tailUsed: number;
  /** True if the last component ends at `#tailUsed`, so that it can grow. */
  #tailIsLast: boolean;
  #released: boolean;

  /** @param pool gives the memory for what is copied */
  constructor(
    pool: BufferPool,
    { maxBytes = DEFAULT_MAX_COMPOSITE_BYTES, maxComponents = DEFAULT_MAX_COMPONENTS }: CompositeBufferOptions = {},
  ) {
    this.maxBytes = maxBytes;
    this.maxComponents = maxComponents;
    this.#pool = pool;
    this.#components = new ComponentList();
    this.#tail = null;
    this.#tailUsed = 0;
    this.#tailIsLast = false;
    this.#released = false;
  }

  /** In bytes. */
  get length(): number {
    return this.#components.length;
  }

  get componentCount(): number {
    return this.#components.count;
  }

  /** What counts against `maxBytes`. */
  get chargedBytes(): number {
    return this.#components.length + this.#components.count * COMPONENT_OVERHEAD_BYTES;
  }

  /**
   * Adds a part of pooled memory, and takes over the caller's reference: it is released with this composite, or at
   * once if the part was small and copied. If this throws, the caller still has it.
   * @param offset in bytes from the start of `pooled`
   * @throws RSocketError ERR_FLYSOCKET_COMPOSITE_LIMIT, ERR_FLYSOCKET_POOL_EXHAUSTED, ERR_FLYSOCKET_OUT_OF_BOUNDS;
   * ERR_FLYSOCKET_USE_AFTER_RELEASE if there is no reference to take over
   */
  addComponent(pooled: PooledBuffer, offset: number, length: number): void {
    pooled.assertHeld();
    if (offset < 0 || length < 0 || offset + length > pooled.capacity) {
      throw outOfBounds(offset, length, pooled.capacity);
    }
    if (length <= MAX_COALESCED_BYTES) {
      this.append(pooled.buffer, pooled.offset + offset, length);
      pooled.release();
    } else {
      this.#add(pooled.buffer, pooled.offset + offset, length, pooled);
    }
  }

  /**
   * Adds a part of memory that the caller keeps alive and unchanged until this composite is released. A small part is
   * copied.
   * @throws RSocketError ERR_FLYSOCKET_COMPOSITE_LIMIT, ERR_FLYSOCKET_POOL_EXHAUSTED, ERR_FLYSOCKET_OUT_OF_BOUNDS
   */
  addSlice(buffer: DirectBuffer, offset: number, length: number): void {
    if (offset < 0 || length < 0 || offset + length > buffer.capacity) {
      throw outOfBounds(offset, length, buffer.capacity);
    }
    if (length <= MAX_COALESCED_BYTES) this.append(buffer, offset, length);
    else this.#add(buffer, offset, length, null);
  }

  /**
   * Adds a copy of a part of any memory, of any length.
   * @throws RSocketError ERR_FLYSOCKET_COMPOSITE_LIMIT, ERR_FLYSOCKET_POOL_EXHAUSTED, ERR_FLYSOCKET_OUT_OF_BOUNDS;
   * then nothing is added
   */
  append(source: DirectBuffer, offset: number, length: number): void {
    if (offset < 0 || length < 0 || offset + length > source.capacity) {
      throw outOfBounds(offset, length, source.capacity);
    }
    this.#checkOpen();
    if (length === 0) return;
    const tail = this.#tail;
    if (tail === null || tail.capacity - this.#tailUsed < length) {
      this.#appendInNewTail(source, offset, length);
      return;
    }
    this.#checkLimits(length, this.#tailIsLast ? 0 : 1);
    const place = tail.offset + this.#tailUsed;
    tail.buffer.putBuffer(place, source, offset, length);
    this.#tailUsed += length;
    if (this.#tailIsLast) {
      this.#components.grow(length);
    } else {
      this.#components.push(tail.buffer, place, length, tail.retain());
      this.#tailIsLast = true;
    }
  }

  /** True if these bytes lie within one component, so that `componentBuffer(index)` shows them all. */
  contiguous(index: number, length: number): boolean {
    this.#checkBounds(index, length);
    return length <= this.#components.remainingAt(this.#components.find(index), index);
  }

  /** How many bytes from `index` on lie within one component; 0 at the end. */
  contiguousLength(index: number): number {
    this.#checkBounds(index, 0);
    return this.#components.remainingAt(this.#components.find(index), index);
  }

  /** The memory that holds the byte at `index`, or the last byte if `index` is the end. */
  componentBuffer(index: number): DirectBuffer {
    this.#checkBounds(index, 0);
    return this.#components.bufferOf(this.#components.find(index));
  }

  /** Where in `componentBuffer(index)` the byte at `index` is. */
  componentOffset(index: number): number {
    this.#checkBounds(index, 0);
    return this.#components.offsetAt(this.#components.find(index), index);
  }

  getUint8(index: number): number {
    this.#checkBounds(index, 1);
    const components = this.#components;
    const component = components.find(index);
    return components.bufferOf(component).getUint8(components.offsetAt(component, index));
  }

  getUint16(index: number): number {
    this.#checkBounds(index, 2);
    const components = this.#components;
    const component = components.find(index);
    if (components.remainingAt(component, index) >= 2) {
      return components.bufferOf(component).getUint16(components.offsetAt(component, index));
    }
    return (this.getUint8(index) << 8) | this.getUint8(index + 1);
  }

  getUint24(index: number): number {
    this.#checkBounds(index, 3);
    const components = this.#components;
    const component = components.find(index);
    if (components.remainingAt(component, index) >= 3) {
      return components.bufferOf(component).getUint24(components.offsetAt(component, index));
    }
    return (this.getUint8(index) << 16) | this.getUint16(index + 1);
  }

  getInt32(index: number): number {
    this.#checkBounds(index, 4);
    const components = this.#components;
    const component = components.find(index);
    if (components.remainingAt(component, index) >= 4) {
      return components.bufferOf(component).getInt32(components.offsetAt(component, index));
    }
    return (this.getUint16(index) << 16) | this.getUint16(index + 2);
  }

  /**
   * Copies `length` bytes from `index` on to `targetIndex` of `target`.
   * @throws RSocketError ERR_FLYSOCKET_OUT_OF_BOUNDS, and nothing is copied
   */
  getBytes(index: number, target: DirectBuffer, targetIndex: number, length: number): void {
    this.#checkBounds(index, length);
    if (targetIndex < 0 || targetIndex + length > target.capacity) {
      throw outOfBounds(targetIndex, length, target.capacity);
    }
    const components = this.#components;
    let component = components.find(index);
    for (let done = 0; done < length; component++) {
      const at = index + done;
      const part = Math.min(length - done, components.remainingAt(component, at));
      target.putBuffer(targetIndex + done, components.bufferOf(component), components.offsetAt(component, at), part);
      done += part;
    }
  }

  /** A copy of these bytes that the caller owns. Allocates. */
  copyOf(index: number, length: number): Uint8Array {
    this.#checkBounds(index, length);
    const copy = new Uint8Array(length);
    const components = this.#components;
    let component = components.find(index);
    for (let done = 0; done < length; component++) {
      const at = index + done;
      const part = Math.min(length - done, components.remainingAt(component, at));
      copy.set(components.bufferOf(component).slice(components.offsetAt(component, at), part), done);
      done += part;
    }
    return copy;
  }

  /**
   * Gives back all memory and ends this composite's use, until `reset`.
   * @throws RSocketError ERR_FLYSOCKET_DOUBLE_RELEASE if it was released already
   */
  release(): void {
    if (this.#released) {
      throw new RSocketError('ERR_FLYSOCKET_DOUBLE_RELEASE', 'this CompositeBuffer was released already');
    }
    this.#clear();
    this.#released = true;
  }

  /** Gives back what is still held, and makes this composite an empty one. */
  reset(): void {
    this.#clear();
    this.#released = false;
  }

  #clear(): void {
    this.#tail = null;
    this.#tailUsed = 0;
    this.#tailIsLast = false;
    this.#components.releaseAll();
  }

  #add(buffer: DirectBuffer, offset: number, length: number, owner: PooledBuffer | null): void {
    this.#checkOpen();
    this.#checkLimits(length, 1);
    this.#components.push(buffer, offset, length, owner);
    this.#tailIsLast = false;
  }

  #appendInNewTail(source: DirectBuffer, offset: number, length: number): void {
    this.#checkLimits(length, 1);
    const tailBytes = Math.max(length, MIN_TAIL_BYTES, Math.min(this.#components.length, MAX_TAIL_BYTES));
    const pool = this.#pool;
    const tail = (tailBytes > length ? pool.tryAcquire(tailBytes) : null) ?? pool.acquire(length);
    tail.buffer.putBuffer(tail.offset, source, offset, length);
    this.#components.push(tail.buffer, tail.offset, length, tail);
    this.#tail = tail;
    this.#tailUsed = length;
    this.#tailIsLast = true;
  }

  #checkOpen(): void {
    if (this.#released) {
      throw new RSocketError('ERR_FLYSOCKET_USE_AFTER_RELEASE', 'added to a CompositeBuffer that was released');
    }
  }

  #checkLimits(length: number, components: number): void {
    const count = this.#components.count + components;
    const bytes = this.#components.length + length + count * COMPONENT_OVERHEAD_BYTES;
    if (count <= this.maxComponents && bytes <= this.maxBytes) return;
    throw new RSocketError(
      'ERR_FLYSOCKET_COMPOSITE_LIMIT',
      `too much for one CompositeBuffer: ${count} components (maxComponents=${this.maxComponents}), ` +
        `${bytes} bytes with overhead (maxBytes=${this.maxBytes})`,
    );
  }

  #checkBounds(index: number, length: number): void {
    if (index < 0 || length < 0 || index + length > this.#components.length) {
      throw outOfBounds(index, length, this.#components.length);
    }
  }
}

function outOfBounds(index: number, length: number, capacity: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_OUT_OF_BOUNDS',
    `out of bounds: index=${index}, length=${length}, capacity=${capacity}`,
  );
}
