import { DirectBuffer } from 'flysocket/flyweight';

const CAPACITY = 1 << 18;
const RECORD_HEADER_LENGTH = 8;
const RECORD_ALIGNMENT = 8;

/** Places such as a ring claims: in shared memory, one after the other, each in a record on an 8-byte boundary. */
export class ClaimedPlaces {
  readonly buffer: DirectBuffer = new DirectBuffer(new SharedArrayBuffer(CAPACITY));
  #next = 0;

  /** @param alignment what the place is to be modulo 8: 0 to 7 */
  claim(length: number, alignment: number): number {
    const recordLength = (RECORD_HEADER_LENGTH + alignment + length + RECORD_ALIGNMENT - 1) & -RECORD_ALIGNMENT;
    if (this.#next + recordLength > CAPACITY) this.#next = 0;
    const index = this.#next + RECORD_HEADER_LENGTH + alignment;
    this.#next += recordLength;
    return index;
  }
}
