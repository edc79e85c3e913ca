/**
 * The counters of one thing (a thread, a link, half a ring, a pool), for the one thread that counts. Any other thread
 * reads them through a `CountersReader`, even while this one is stuck.
 *
 * A counter only grows. It is two plain 32-bit words, so that counting needs neither Atomics nor BigInt: 2 to 3 ns, no
 * allocation (measured). Only the carry from the lower to the upper word, once in 2^32, is made with Atomics.
 */
import { COUNTERS_ENABLED } from './COUNTERS_ENABLED.ts';
import {
  BLOCK_LENGTH,
  entryOffset,
  STATE_BITS,
  STATE_FIELD_OFFSET,
  STATE_FREE,
  STATE_LIVE,
} from './CountersDescriptor.ts';

const TWO_TO_THE_32 = 0x1_0000_0000;

export class CounterBlock {
  /** A `BlockKind`. */
  readonly kind: number;
  readonly label: string;
  /** Place in the directory, or -1 if it isn't registered and nobody else can read it. */
  readonly index: number;
  readonly generation: number;
  #words: Int32Array;
  readonly #directory: Int32Array;
  #registered: boolean;

  /**
   * Made by `CountersRegion.allocate`.
   * @param words the counters, lower word first
   * @param directory the region's memory from its start, unused where `index` is -1
   */
  constructor(
    kind: number,
    label: string,
    index: number,
    generation: number,
    words: Int32Array,
    directory: Int32Array,
  ) {
    this.kind = kind;
    this.label = label;
    this.index = index;
    this.generation = generation;
    this.#words = words;
    this.#directory = directory;
    this.#registered = index >= 0;
  }

  /** A block that no directory lists: it counts like any other, for its owner alone. */
  static unregistered(kind: number, label: string): CounterBlock {
    const words = new Int32Array(BLOCK_LENGTH / Int32Array.BYTES_PER_ELEMENT);
    return new CounterBlock(kind, label, -1, 0, words, words);
  }

  increment(field: number): void {
    this.add(field, 1);
  }

  /** @param n an integer from 0 to 2^31 - 1 */
  add(field: number, n: number): void {
    if (!COUNTERS_ENABLED) return;
    const words = this.#words;
    const lower = field << 1;
    const before = words[lower] as number;
    const after = (before + n) | 0;
    // As n is below 2^31, the top bit falls from 1 to 0 exactly when the sum passes 2^32.
    if ((before & ~after) < 0) this.#carry(lower, after, ((words[lower + 1] as number) + 1) | 0);
    else words[lower] = after;
  }

  /**
   * Raises a counter to `value`: for time stamps, and positions that are kept elsewhere.
   * @param value an integer from what the counter is to 2^53 - 1
   */
  advanceTo(field: number, value: number): void {
    if (!COUNTERS_ENABLED) return;
    const lower = field << 1;
    const upper = Math.floor(value / TWO_TO_THE_32);
    if (upper === this.#words[lower + 1]) this.#words[lower] = value | 0;
    else this.#carryTo(lower, value | 0, upper);
  }

  /** As `add`, for amounts of any size: `n` is an integer from 0 to 2^53 - 1, and the sum stays at 2^53 - 1. */
  advanceBy(field: number, n: number): void {
    if (!COUNTERS_ENABLED) return;
    this.advanceTo(field, Math.min(this.get(field) + n, Number.MAX_SAFE_INTEGER));
  }

  /** What has been counted so far, for the owner's thread. Exact up to 2^53 - 1. */
  get(field: number): number {
    const words = this.#words;
    return (words[(field << 1) + 1] as number) * TWO_TO_THE_32 + ((words[field << 1] as number) >>> 0);
  }

  /**
   * Leaves the shared memory: called by `CountersRegion.free`. Whoever still counts here counts into memory of its
   * own, so that the slot's next owner is its only writer.
   */
  detach(): void {
    if (!this.#registered) return;
    this.#registered = false;
    this.#words = this.#words.slice();
    const state = this.generation << STATE_BITS;
    const word = (entryOffset(this.index) + STATE_FIELD_OFFSET) >> 2;
    Atomics.compareExchange(this.#directory, word, state | STATE_LIVE, state | STATE_FREE);
  }

  /**
   * Goes from upper - 1 to upper, while the lower word's top bit goes from 1 to 0. Pairs with the loads in
   * `CountersReader.read`: who sees the new lower word sees that the upper one is on its way.
   */
  #carry(lower: number, lowerValue: number, upper: number): void {
    const words = this.#words;
    Atomics.store(words, lower + 1, ~(upper - 1));
    Atomics.store(words, lower, lowerValue);
    Atomics.store(words, lower + 1, upper);
  }

  /** Passes any number of multiples of 2^32, so that a reader never sees more than `value` nor less than before. */
  #carryTo(lower: number, lowerValue: number, upper: number): void {
    Atomics.store(this.#words, lower, 0xffff_ffff | 0);
    this.#carry(lower, 0, upper);
    Atomics.store(this.#words, lower, lowerValue);
  }
}
