/**
 * Who has which place in a drain queue's data region: the entries, and the tail that they move.
 *
 * A place is taken by the compare-and-set of the entry at the tail, and the entry says how long the place is; so any
 * thread can then move the tail past it, and a producer that dies in between leaves nothing that only it could mend. An
 * entry of the tail's own lap is a place taken, an older one (or 0, in fresh memory) is free, and a newer one means
 * that the tail just read is out of date. Entries only go forward, so a compare-and-set based on old news fails.
 *
 * That is why a plain read may stand where a compare-and-set on the same news follows, and only there: V8 compiles no
 * `Atomics` but calls each, a load too, 8 ns against 0.5 (measured). What says "nothing here" for good is an
 * `Atomics.load`.
 *
 * One object per thread. Nothing here waits or allocates; all loops are bounded.
 */
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

/** A place is mostly committed within as many plain reads: cheaper than leaving and coming back (`isHeadVacant`). */
const MAX_LOOKS = 32;
const NO_PLACE = -1;
/** A lap in which these bits of the position are 0 renews every entry: four times in the 2^32 of a position. */
const RENEWAL_BITS = 0x3fff_ffff;

export class EntryTable {
  /** The entry that `takePlace` made last. */
  placed = 0;

  readonly #words: Int32Array;
  readonly #units: number;
  readonly #unitMask: number;
  /** The bits of the head that are position. */
  readonly #positionMask: number;
  readonly #tailIndex: number;
  readonly #headCacheIndex: number;
  readonly #headIndex: number;
  /** The head cache as this object loaded or stored it last. */
  #headSeen: number;
  /** A head, and the entry there that was found vacant; the entry of no queue at first. */
  #vacantHead = 0;
  #vacantEntry = ENTRY_CLAIMED;

  /**
   * @param words the entries from index 0 on, and the trailer from byte `offset` on
   * @param units capacity of the data region in units, a power of two
   */
  constructor(words: Int32Array, offset: number, units: number) {
    this.#words = words;
    this.#units = units;
    this.#unitMask = units - 1;
    this.#positionMask = 2 * units - 1;
    this.#tailIndex = (offset + QUEUE_TAIL_OFFSET) >>> 2;
    this.#headCacheIndex = (offset + QUEUE_HEAD_CACHE_OFFSET) >>> 2;
    this.#headIndex = (offset + QUEUE_HEAD_OFFSET) >>> 2;
    this.#headSeen = Atomics.load(words, this.#headCacheIndex);
  }

  /**
   * Takes a contiguous place of `units`, with padding before it if it does not fit before the end of the region.
   * @returns the unit at which it starts, or -1 if there is no room for both; the entry is left in `placed`
   */
  takePlace(units: number): number {
    const words = this.#words;
    const unitMask = this.#unitMask;
    let tail = words[this.#tailIndex] as number;
    for (let attempt = 0; attempt < MAX_CLAIM_ATTEMPTS; attempt++) {
      const unit = tail & unitMask;
      const lap = tail & ~unitMask;
      const seen = words[unit] as number;
      const lapsBehind = (lap - (seen & ~unitMask)) | 0;
      if (seen !== 0 && lapsBehind <= 0) {
        if (lapsBehind === 0) tail = this.#moveTail(tail, (seen & unitMask) >>> ENTRY_UNITS_SHIFT);
        else tail = Atomics.load(words, this.#tailIndex);
        continue;
      }
      const toEnd = (this.#units - unit) | 0;
      const padding = units > toEnd ? toEnd : 0;
      if (!this.#hasRoom(tail, (units + padding) | 0)) {
        const now = Atomics.load(words, this.#tailIndex);
        if (now === tail) return NO_PLACE;
        tail = now;
        continue;
      }
      const taken = (padding === 0 ? units : padding) | 0;
      const entry = lap | (taken << ENTRY_UNITS_SHIFT) | (padding === 0 ? ENTRY_CLAIMED : ENTRY_SKIPPED);
      if (Atomics.compareExchange(words, unit, seen, entry) !== seen) {
        tail = Atomics.load(words, this.#tailIndex);
        continue;
      }
      tail = this.#moveTail(tail, taken);
      if (padding !== 0) continue;
      this.placed = entry;
      return unit;
    }
    return NO_PLACE;
  }

  /** Turns a claimed `entry` committed or skipped. False if another thread has settled it before. */
  settle(unit: number, entry: number, state: number): boolean {
    return Atomics.compareExchange(this.#words, unit, entry, (entry & ~ENTRY_STATE_MASK) | state) === entry;
  }

  entryAt(unit: number): number {
    return Atomics.load(this.#words, unit);
  }

  /** Whether `entry`, found at `position`, says that a place begins there, and one that ends within the region. */
  isPlace(position: number, entry: number): boolean {
    const unitMask = this.#unitMask;
    const units = (entry & unitMask) >>> ENTRY_UNITS_SHIFT;
    return ((entry ^ position) & ~unitMask) === 0 && units !== 0 && units <= unitMask + 1 - (position & unitMask);
  }

  /** Whether `entry`, found at `position`, says that the place there is taken and settled. */
  isSettledEntry(position: number, entry: number): boolean {
    return ((entry ^ position) & ~this.#unitMask) === 0 && (entry & ENTRY_STATE_MASK) > ENTRY_CLAIMED;
  }

  /** Whether the place at `position` is taken and settled. */
  isSettled(position: number): boolean {
    return this.isSettledEntry(position, this.entryAt(position & this.#unitMask));
  }

  /** Whether the place at the head is taken and settled. */
  isHeadSettled(): boolean {
    const head = Atomics.load(this.#words, this.#headIndex);
    return this.isSettled(this.#positionBefore(this.tail(), head));
  }

  /** As `isSettled`, by plain reads: to be confirmed either way. */
  looksSettled(position: number): boolean {
    return this.#looksSettled(position, ~this.#unitMask);
  }

  /** The same at the head. The head has only one bit of the lap, so it may take an old lap for the present one. */
  headLooksSettled(): boolean {
    return this.#looksSettled(this.#words[this.#headIndex] as number, this.#units);
  }

  /**
   * Whether no place is taken at the head. A head and an entry that were found vacant once are so as long as neither
   * has changed, so who looks again and again leaves the tail's cache line to the producers. Together with
   * `DrainClaim.isContinued` and `MAX_LOOKS`, fan-in of one producer takes 13 % less; no one of them did (measured).
   */
  isHeadVacant(): boolean {
    const head = Atomics.load(this.#words, this.#headIndex);
    const entry = this.entryAt(head & this.#unitMask);
    if (entry === this.#vacantEntry && head === this.#vacantHead) return true;
    const tail = this.tail();
    if (((tail - head) & this.#positionMask) !== 0) return false;
    if (!this.isPlace(tail, entry)) {
      this.#vacantHead = head;
      this.#vacantEntry = entry;
    }
    return true;
  }

  /** The end of the places taken. */
  tail(): number {
    return Atomics.load(this.#words, this.#tailIndex);
  }

  /**
   * The position that the head of this thread, which holds it, stands for. A plain read of the tail: it was past all
   * that was committed up to the head before the head got there.
   */
  positionOf(head: number): number {
    return this.#positionBefore(this.#words[this.#tailIndex] as number, head);
  }

  /** Moves the tail past the place at `position` if its producer has not done it yet. */
  helpPast(position: number, units: number): void {
    if (this.tail() === position) this.#moveTail(position, units);
  }

  /** Units taken and not given back, at some moment between call and return. */
  unitsTaken(): number {
    const head = Atomics.load(this.#words, this.#headIndex);
    return Math.min((this.tail() - head) & this.#positionMask, this.#units);
  }

  /**
   * Once in 2^30 positions, and for one lap, brings the entries within a record to its lap, before the head passes it.
   * An entry at which no record happened to start until the bits of the lap have come round would look taken.
   */
  renewEntries(position: number, units: number): void {
    const unitMask = this.#unitMask;
    if ((position & RENEWAL_BITS & ~unitMask) !== 0) return;
    const words = this.#words;
    const lap = position & ~unitMask;
    const end = (position & unitMask) + units;
    for (let unit = (position & unitMask) + 1; unit < end; unit++) {
      const seen = Atomics.load(words, unit);
      if (seen === 0 || ((lap - (seen & ~unitMask)) | 0) > 0) {
        Atomics.compareExchange(words, unit, seen, lap | ENTRY_SKIPPED);
      }
    }
  }

  #looksSettled(position: number, lapMask: number): boolean {
    const words = this.#words;
    const unit = position & this.#unitMask;
    for (let look = 0; look < MAX_LOOKS; look++) {
      const entry = words[unit] as number;
      const state = entry & ENTRY_STATE_MASK;
      if (((entry ^ position) & lapMask) !== 0) return false;
      if (state !== ENTRY_CLAIMED) return state > ENTRY_CLAIMED;
    }
    return false;
  }

  /** The last position not after `tail` with the low bits of `head`. */
  #positionBefore(tail: number, head: number): number {
    return (tail - ((tail - head) & this.#positionMask)) | 0;
  }

  /** Where another thread has moved it already, that is as good. Returns where the tail is now. */
  #moveTail(tail: number, units: number): number {
    const next = (tail + units) | 0;
    const found = Atomics.compareExchange(this.#words, this.#tailIndex, tail, next);
    return found === tail ? next : found;
  }

  /**
   * Looks at the head itself only when the cached one says full. The cache is shared, so it is never a lap too old; a
   * value that this object has not seen before is loaded, and from then on read, as it pairs with the drainer once.
   */
  #hasRoom(tail: number, units: number): boolean {
    const words = this.#words;
    const most = (this.#units - units) | 0;
    if ((words[this.#headCacheIndex] as number) !== this.#headSeen) {
      this.#headSeen = Atomics.load(words, this.#headCacheIndex);
    }
    if (((tail - this.#headSeen) | 0) <= most) return true;
    const used = (tail - Atomics.load(words, this.#headIndex)) & this.#positionMask;
    this.#headSeen = (tail - used) | 0;
    Atomics.store(words, this.#headCacheIndex, this.#headSeen);
    return used <= most;
  }
}
