import { DirectBuffer } from 'flysocket/flyweight';

const CAPACITY = 1 << 18;
const RECORD_HEADER_LENGTH = 8;
const RECORD_ALIGNMENT = 8;

/** Places such as a ring or a pool claims: one after the other, each in a record on an 8-byte boundary. */
export class ClaimedPlaces {
  readonly buffer: DirectBuffer;
  #next = 0;

  /** @param shared true for memory such as a ring's, false for such as a socket's pooled slab */
  constructor(shared: boolean) {
    this.buffer = new DirectBuffer(shared ? new SharedArrayBuffer(CAPACITY) : new ArrayBuffer(CAPACITY));
  }

  /** @param alignment what the place is to be modulo 8: 0 to 7 */
  claim(length: number, alignment: number): number {
    const recordLength = (RECORD_HEADER_LENGTH + alignment + length + RECORD_ALIGNMENT - 1) & -RECORD_ALIGNMENT;
    if (this.#next + recordLength > CAPACITY) this.#next = 0;
    const index = this.#next + RECORD_HEADER_LENGTH + alignment;
    this.#next += recordLength;
    return index;
  }
}
