/**
 * Which calls a thread has begun, in memory that outlives it. Each call in flight has a slot, one int32:
 *
 *   slot | 0 | 0 | 9 | 0 | 7 | ...     the stream id of the call that was begun last in this slot; 0: none yet
 *
 * The thread writes it before it looks at the call, so a call whose id is not there was provably not begun. Stream ids
 * are not used twice on a link, and a link's slots are not used by the next.
 */
import { NO_SLOT } from '../values/CallHeaderDescriptor.ts';

/** More calls at once than that are never known not to have begun. */
const MAX_STARTED_SLOTS = 4_096;

export class StartedCalls {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #free: Uint16Array;
  #freeCount: number;

  /** @param calls that may be in flight at once */
  constructor(calls: number) {
    const slots = Math.min(calls, MAX_STARTED_SLOTS);
    this.memory = new SharedArrayBuffer(slots * Int32Array.BYTES_PER_ELEMENT);
    this.#words = new Int32Array(this.memory);
    this.#free = new Uint16Array(slots);
    for (let slot = 0; slot < slots; slot++) this.#free[slot] = slots - 1 - slot;
    this.#freeCount = slots;
  }

  /** A slot for one call, or NO_SLOT. */
  take(): number {
    if (this.#freeCount === 0) return NO_SLOT;
    return this.#free[--this.#freeCount] as number;
  }

  give(slot: number): void {
    if (slot !== NO_SLOT) this.#free[this.#freeCount++] = slot;
  }

  /** True unless the thread has provably not begun that call. */
  mayHaveBegun(slot: number, streamId: number): boolean {
    return slot === NO_SLOT || Atomics.load(this.#words, slot) === streamId;
  }
}
