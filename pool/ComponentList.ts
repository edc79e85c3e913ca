/**
 * The components of a `CompositeBuffer`: for each its memory, the place in it, and who is to be released. Kept in
 * arrays side by side that are used again, so that a component is no object. Checks no bounds.
 *
 *  starts    | 0 | 1400 | 1464 | 2364 |      first index of each component, then the length of all
 */
import { type DirectBuffer, EMPTY_BUFFER } from '../flyweight/index.ts';
import type { PooledBuffer } from './PooledBuffer.ts';

const INITIAL_CAPACITY = 8;

export class ComponentList {
  /** Bytes of all components. */
  length: number;
  /** How many components there are. */
  count: number;
  readonly #buffers: DirectBuffer[];
  readonly #owners: (PooledBuffer | null)[];
  #offsets: Int32Array;
  #starts: Int32Array;
  /** Where `find` found its last answer: reads mostly go forward. */
  #found: number;

  constructor() {
    this.length = 0;
    this.count = 0;
    this.#buffers = [];
    this.#owners = [];
    this.#offsets = new Int32Array(INITIAL_CAPACITY);
    this.#starts = new Int32Array(INITIAL_CAPACITY + 1);
    this.#found = 0;
  }

  /** Adds a component. @param owner released by `releaseAll`, if there is one */
  push(buffer: DirectBuffer, offset: number, length: number, owner: PooledBuffer | null): void {
    const count = this.count;
    if (count === this.#offsets.length) this.#makeRoom(count * 2);
    if (count === this.#buffers.length) {
      this.#buffers.push(buffer);
      this.#owners.push(owner);
    } else {
      this.#buffers[count] = buffer;
      this.#owners[count] = owner;
    }
    this.#offsets[count] = offset;
    this.count = count + 1;
    this.length += length;
    this.#starts[count + 1] = this.length;
  }

  /** Lengthens the last component. */
  grow(length: number): void {
    this.length += length;
    this.#starts[this.count] = this.length;
  }

  /** Empties the list, and releases each owner once for each of its components. */
  releaseAll(): void {
    const count = this.count;
    this.count = 0;
    this.length = 0;
    this.#found = 0;
    for (let i = 0; i < count; i++) {
      const owner = this.#owners[i] as PooledBuffer | null;
      this.#buffers[i] = EMPTY_BUFFER;
      this.#owners[i] = null;
      if (owner !== null) owner.release();
    }
  }

  /** The component that holds the byte at `index`; the last one if `index` is the length. */
  find(index: number): number {
    const starts = this.#starts;
    const found = this.#found;
    if (index >= (starts[found] as number)) {
      if (index < (starts[found + 1] as number) || found + 1 >= this.count) return found;
      if (index < (starts[found + 2] as number)) {
        this.#found = found + 1;
        return found + 1;
      }
    }
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] as number) <= index) low = middle;
      else high = middle - 1;
    }
    this.#found = low;
    return low;
  }

  /** The memory of a component; empty memory if there is no component at all. */
  bufferOf(component: number): DirectBuffer {
    return this.count === 0 ? EMPTY_BUFFER : (this.#buffers[component] as DirectBuffer);
  }

  /** Where in the component's memory the byte at `index` is. */
  offsetAt(component: number, index: number): number {
    return this.count === 0 ? 0 : (this.#offsets[component] as number) + index - (this.#starts[component] as number);
  }

  /** Bytes of the component from `index` on. */
  remainingAt(component: number, index: number): number {
    return this.count === 0 ? 0 : (this.#starts[component + 1] as number) - index;
  }

  #makeRoom(capacity: number): void {
    const offsets = new Int32Array(capacity);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    const starts = new Int32Array(capacity + 1);
    starts.set(this.#starts);
    this.#starts = starts;
  }
}
