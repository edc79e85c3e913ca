/**
 * Who has which place in a drain queue's data region: the entries, and the tail that they move.
 *
 * A place is taken by the compare-and-set of the entry at the tail, and the entry says how long the place is; so any
 * thread can then move the tail past it, and a producer that dies in between leaves nothing that only it could mend. An
 * entry of the tail's own lap is a place taken, an older one (or 0, in fresh memory) is free, and a newer one means
 * that the tail just read is out of date. Entries only go forward, so a compare-and-set based on old news fails.
 *
 * One object per thread. Nothing here waits or allocates; all loops are bounded.
 */
import type { DirectBuffer } from '../flyweight/index.ts';
import {
  ENTRY_CLAIMED,
  ENTRY_SKIPPED,
  ENTRY_STATE_MASK,
  ENTRY_UNITS_SHIFT,
  QUEUE_HEAD_CACHE_OFFSET,
  QUEUE_HEAD_OFFSET,
  QUEUE_TAIL_OFFSET,
} from './DrainQueueDescriptor.ts';

/** How often a producer tries for a place, each time beaten by another, before it reports the queue as full. */
export const MAX_CLAIM_ATTEMPTS = 256;

const NO_PLACE = -1;
/** A lap in which these bits of the position are 0 renews every entry: four times in the 2^32 of a position. */
const RENEWAL_BITS = 0x3fff_ffff;

export class EntryTable {
  /** The entry that `takePlace` made last. */
  placed = 0;

  readonly #control: DirectBuffer;
  readonly #units: number;
  readonly #unitMask: number;
  /** The bits of the head that are position. */
  readonly #positionMask: number;
  readonly #tailIndex: number;
  readonly #headCacheIndex: number;
  readonly #headIndex: number;

  /**
   * @param control the entries from index 0 on, and the trailer at `offset`
   * @param units capacity of the data region in units, a power of two
   */
  constructor(control: DirectBuffer, offset: number, units: number) {
    this.#control = control;
    this.#units = units;
    this.#unitMask = units - 1;
    this.#positionMask = 2 * units - 1;
    this.#tailIndex = offset + QUEUE_TAIL_OFFSET;
    this.#headCacheIndex = offset + QUEUE_HEAD_CACHE_OFFSET;
    this.#headIndex = offset + QUEUE_HEAD_OFFSET;
  }

  /**
   * Takes a contiguous place of `units`, with padding before it if it does not fit before the end of the region.
   * @returns the unit at which it starts, or -1 if there is no room for both; the entry is left in `placed`
   */
  takePlace(units: number): number {
    const control = this.#control;
    const unitMask = this.#unitMask;
    for (let attempt = 0; attempt < MAX_CLAIM_ATTEMPTS; attempt++) {
      const tail = control.getInt32Acquire(this.#tailIndex);
      const unit = tail & unitMask;
      const lap = tail & ~unitMask;
      const seen = control.getInt32Acquire(unit << 2);
      const lapsBehind = (lap - (seen & ~unitMask)) | 0;
      if (seen !== 0 && lapsBehind <= 0) {
        if (lapsBehind === 0) this.#moveTail(tail, (seen & unitMask) >>> ENTRY_UNITS_SHIFT);
        continue;
      }
      const toEnd = (this.#units - unit) | 0;
      const padding = units > toEnd ? toEnd : 0;
      if (!this.#hasRoom(tail, (units + padding) | 0)) {
        if (control.getInt32Acquire(this.#tailIndex) === tail) return NO_PLACE;
        continue;
      }
      const taken = padding === 0 ? units : padding;
      const entry = lap | (taken << ENTRY_UNITS_SHIFT) | (padding === 0 ? ENTRY_CLAIMED : ENTRY_SKIPPED);
      if (!control.compareAndSetInt32(unit << 2, seen, entry)) continue;
      this.#moveTail(tail, taken);
      if (padding !== 0) continue;
      this.placed = entry;
      return unit;
    }
    return NO_PLACE;
  }

  /** Turns a claimed `entry` committed or skipped. False if another thread has settled it before. */
  settle(unit: number, entry: number, state: number): boolean {
    return this.#control.compareAndSetInt32(unit << 2, entry, (entry & ~ENTRY_STATE_MASK) | state);
  }

  entryAt(unit: number): number {
    return this.#control.getInt32Acquire(unit << 2);
  }

  /** The end of the places taken. */
  tail(): number {
    return this.#control.getInt32Acquire(this.#tailIndex);
  }

  /** The position that a head stands for: the last one not after the tail with the same low bits. */
  positionOf(head: number): number {
    const tail = this.tail();
    return (tail - ((tail - head) & this.#positionMask)) | 0;
  }

  /** Whether the place at the head is taken and settled. */
  isHeadSettled(): boolean {
    const position = this.positionOf(this.#control.getInt32Acquire(this.#headIndex));
    const entry = this.entryAt(position & this.#unitMask);
    const isOfThisLap = entry !== 0 && ((entry ^ position) & ~this.#unitMask) === 0;
    return isOfThisLap && (entry & ENTRY_STATE_MASK) !== ENTRY_CLAIMED;
  }

  /** Units taken and not given back, at some moment between call and return. */
  unitsTaken(): number {
    const head = this.#control.getInt32Acquire(this.#headIndex);
    return Math.min((this.tail() - head) & this.#positionMask, this.#units);
  }

  /**
   * Once in 2^30 positions, and for one lap, brings the entries within a record to its lap, before the head passes it.
   * An entry at which no record happened to start until the bits of the lap have come round would look taken.
   */
  renewEntries(position: number, units: number): void {
    const unitMask = this.#unitMask;
    if ((position & RENEWAL_BITS & ~unitMask) !== 0) return;
    const control = this.#control;
    const lap = position & ~unitMask;
    const end = (position & unitMask) + units;
    for (let unit = (position & unitMask) + 1; unit < end; unit++) {
      const seen = control.getInt32Acquire(unit << 2);
      if (seen === 0 || ((lap - (seen & ~unitMask)) | 0) > 0) {
        control.compareAndSetInt32(unit << 2, seen, lap | ENTRY_SKIPPED);
      }
    }
  }

  /** Fails where another thread has moved it already, and that is as good. */
  #moveTail(tail: number, units: number): void {
    this.#control.compareAndSetInt32(this.#tailIndex, tail, (tail + units) | 0);
  }

  /** Looks at the head itself only when the cached one says full. The cache is shared, so it is never a lap too old. */
  #hasRoom(tail: number, units: number): boolean {
    const control = this.#control;
    const most = (this.#units - units) | 0;
    if (((tail - control.getInt32Acquire(this.#headCacheIndex)) | 0) <= most) return true;
    const used = (tail - control.getInt32Acquire(this.#headIndex)) & this.#positionMask;
    control.putInt32Release(this.#headCacheIndex, (tail - used) | 0);
    return used <= most;
  }
}
