/**
 * Requests and answers side by side in shared memory, a slot of each for every request in flight, and two counters:
 *
 *     0           64          128
 *     +-----------+-----------+----------------------+----------------------+
 *     | asked     | answered  | requests: n x 160    | answers: n x 128     |
 *     +-----------+-----------+----------------------+----------------------+
 *
 * Each side waits for the other one's counter by Atomics.wait, and writes into slots that the other one has left.
 */
import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';

export const REQUEST_LENGTH: number = METADATA_LENGTH + DATA_LENGTH;

const ANSWERED_OFFSET = 64;
const SLOTS_OFFSET = 128;
/** Words. */
const ASKED = 0;
const ANSWERED: number = ANSWERED_OFFSET / Int32Array.BYTES_PER_ELEMENT;
const WAIT_SLICE_MS = 1_000;
const MOST_SLICES = 20;

export class SharedSlots {
  readonly memory: SharedArrayBuffer;
  readonly requests: Uint8Array[];
  readonly answers: Uint8Array[];
  readonly #counters: Int32Array;

  /** @param memory of the other side; undefined makes it */
  constructor(slots: number, memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(SLOTS_OFFSET + slots * (REQUEST_LENGTH + DATA_LENGTH));
    this.#counters = new Int32Array(this.memory, 0, SLOTS_OFFSET / Int32Array.BYTES_PER_ELEMENT);
    const all = Array.from({ length: slots }, (_, slot) => slot);
    const answersOffset = SLOTS_OFFSET + slots * REQUEST_LENGTH;
    this.requests = all.map(
      (slot) => new Uint8Array(this.memory, SLOTS_OFFSET + slot * REQUEST_LENGTH, REQUEST_LENGTH),
    );
    this.answers = all.map((slot) => new Uint8Array(this.memory, answersOffset + slot * DATA_LENGTH, DATA_LENGTH));
  }

  /** Says that so many requests are there, counted from the first on. */
  publishAsked(count: number): void {
    this.#publish(ASKED, count);
  }

  publishAnswered(count: number): void {
    this.#publish(ANSWERED, count);
  }

  /** Blocks until more requests are there than `seen`. @returns how many */
  waitForAsked(seen: number): number {
    return this.#waitFor(ASKED, seen);
  }

  waitForAnswered(seen: number): number {
    return this.#waitFor(ANSWERED, seen);
  }

  #publish(counter: number, count: number): void {
    Atomics.store(this.#counters, counter, count);
    Atomics.notify(this.#counters, counter);
  }

  #waitFor(counter: number, seen: number): number {
    for (let slices = 0; slices < MOST_SLICES; slices++) {
      const count = Atomics.load(this.#counters, counter);
      if (count !== seen) return count;
      Atomics.wait(this.#counters, counter, seen, WAIT_SLICE_MS);
    }
    throw new Error(`the other thread did nothing for ${MOST_SLICES * WAIT_SLICE_MS} ms`);
  }
}
