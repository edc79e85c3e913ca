/**
 * Stream id -> stream, open addressing with linear probing over an Int32Array of ids.
 *
 *   ids      | 0 | 7 | 0 | 1 | 9 | 0 | ...    0 = free; at most half full
 *   streams  | - | s | - | s | s | - | ...    the stream of the id above it
 *
 * Ids are spread by Fibonacci hashing: taken as they come, long-lived streams would lie in one long run that every
 * later stream has to probe through. A removal moves later entries of its run back, so there are no tombstones and a
 * table that opens and closes streams for ever stays as fast as it was. Allocates only when it grows.
 */
import type { Stream } from './Stream.ts';

const INITIAL_BITS = 4;
/** 2^32 divided by the golden ratio, odd. */
const FIBONACCI = 0x9e3779b1;

export class StreamTable {
  size = 0;
  #bits = INITIAL_BITS;
  #ids: Int32Array = new Int32Array(1 << INITIAL_BITS);
  #streams: (Stream | undefined)[] = new Array(1 << INITIAL_BITS).fill(undefined);

  get(id: number): Stream | undefined {
    const ids = this.#ids;
    const mask = ids.length - 1;
    for (let slot = Math.imul(id, FIBONACCI) >>> (32 - this.#bits); ; slot = (slot + 1) & mask) {
      const found = ids[slot] as number;
      if (found === id) return this.#streams[slot];
      if (found === 0) return undefined;
    }
  }

  /** @param stream with an id, above 0, that is not in the table */
  add(stream: Stream): void {
    if (this.size * 2 >= this.#ids.length) this.#grow();
    this.#insert(stream);
    this.size++;
  }

  /** Takes the stream with that id out; it is there. */
  remove(id: number): void {
    const ids = this.#ids;
    const streams = this.#streams;
    const mask = ids.length - 1;
    const shift = 32 - this.#bits;
    let free = Math.imul(id, FIBONACCI) >>> shift;
    while (ids[free] !== id) free = (free + 1) & mask;
    for (let slot = (free + 1) & mask; ids[slot] !== 0; slot = (slot + 1) & mask) {
      const home = Math.imul(ids[slot] as number, FIBONACCI) >>> shift;
      // An entry may move back to `free` unless its home lies cyclically after it.
      if (((slot - home) & mask) >= ((slot - free) & mask)) {
        ids[free] = ids[slot] as number;
        streams[free] = streams[slot];
        free = slot;
      }
    }
    ids[free] = 0;
    streams[free] = undefined;
    this.size--;
  }

  /** All streams, as a copy: what is done to them may change the table. Allocates. */
  all(): Stream[] {
    return this.#streams.filter((stream) => stream !== undefined);
  }

  #insert(stream: Stream): void {
    const ids = this.#ids;
    const mask = ids.length - 1;
    let slot = Math.imul(stream.id, FIBONACCI) >>> (32 - this.#bits);
    while (ids[slot] !== 0) slot = (slot + 1) & mask;
    ids[slot] = stream.id;
    this.#streams[slot] = stream;
  }

  #grow(): void {
    const streams = this.all();
    this.#bits++;
    this.#ids = new Int32Array(1 << this.#bits);
    this.#streams = new Array(1 << this.#bits).fill(undefined);
    for (const stream of streams) this.#insert(stream);
  }
}
