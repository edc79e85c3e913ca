import { DirectBuffer } from 'flysocket/flyweight';

/** As much as a link's ring has. */
const CAPACITY = 1 << 18;
const RECORD_HEADER_LENGTH = 8;
const MAX_ALIGNMENT = 7;

/**
 * Places for one frame each, as a ring or a pool has claimed them: one behind the other, all with the same alignment.
 * Each has a power of two of bytes for itself, so that finding it is no part of what is measured.
 */
export class ClaimedPlaces {
  readonly buffer: DirectBuffer;
  /** Index of the first place in `buffer`. */
  readonly #first: number;
  readonly #mask: number;
  readonly #shift: number;

  /**
   * @param shared true for memory such as a ring's, false for such as a socket's pooled slab
   * @param length of a frame
   * @param alignment what the index of each place is to be modulo 8: 0 to 7
   */
  constructor(shared: boolean, length: number, alignment: number) {
    this.buffer = new DirectBuffer(shared ? new SharedArrayBuffer(CAPACITY) : new ArrayBuffer(CAPACITY));
    this.#first = RECORD_HEADER_LENGTH + alignment;
    this.#shift = Math.ceil(Math.log2(RECORD_HEADER_LENGTH + MAX_ALIGNMENT + length));
    this.#mask = (CAPACITY >>> this.#shift) - 1;
  }

  /** Index of the place that operation number `operation` uses. */
  indexOf(operation: number): number {
    return ((operation & this.#mask) << this.#shift) + this.#first;
  }
}
