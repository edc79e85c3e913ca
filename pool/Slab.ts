/**
 * One piece of memory cut into equal slots of one size class. It knows which slots are free and keeps the occupant of
 * each slot (a `PooledBuffer`), which is made when the slot is first used and then used again with it.
 *
 *  memory       | slot 0 | slot 1 | slot 2 | ... |        each 16-byte aligned
 *  free slots   a stack of slot numbers: the slot that came back last, whose memory is warm, goes out first
 */
import { DirectBuffer } from '../flyweight/index.ts';

/** A slab of the smallest classes is made shorter rather than cut into more slots than this. */
const MAX_SLOTS = 1024;

export class Slab<Occupant> {
  /** Tells slabs of one pool apart in messages. */
  readonly id: number;
  readonly sizeClass: number;
  /** Bytes of a slot. */
  readonly slotBytes: number;
  readonly slotCount: number;
  readonly buffer: DirectBuffer;
  /** The object of each slot, null until first used. */
  readonly pooled: (Occupant | null)[];
  readonly #freeSlots: Int32Array;
  /** How many of `#freeSlots`, from its start, are free. */
  freeCount: number;
  /** Neighbours in the pool's list of slabs of this class that have a free slot. */
  next: Slab<Occupant> | null;
  previous: Slab<Occupant> | null;

  /** @param bytes of memory, from `Slab.bytesFor` */
  constructor(id: number, sizeClass: number, slotBytes: number, bytes: number, shared: boolean) {
    this.id = id;
    this.sizeClass = sizeClass;
    this.slotBytes = slotBytes;
    this.slotCount = Math.floor(bytes / slotBytes);
    this.buffer = new DirectBuffer(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
    this.pooled = new Array<Occupant | null>(this.slotCount).fill(null);
    this.#freeSlots = new Int32Array(this.slotCount);
    for (let i = 0; i < this.slotCount; i++) this.#freeSlots[i] = this.slotCount - 1 - i;
    this.freeCount = this.slotCount;
    this.next = null;
    this.previous = null;
  }

  /** Bytes of a slab: as many whole slots as fit into `slabBytes`, but at least one. */
  static bytesFor(slotBytes: number, slabBytes: number): number {
    const slots = Math.min(MAX_SLOTS, Math.max(1, Math.floor(slabBytes / slotBytes)));
    return slots * slotBytes;
  }

  get isEmpty(): boolean {
    return this.freeCount === this.slotCount;
  }

  /** The slot that `takeSlot` will take; there is one only if `freeCount` is above 0. */
  peekSlot(): number {
    return this.#freeSlots[this.freeCount - 1] as number;
  }

  takeSlot(): number {
    this.freeCount--;
    return this.#freeSlots[this.freeCount] as number;
  }

  returnSlot(slot: number): void {
    this.#freeSlots[this.freeCount] = slot;
    this.freeCount++;
  }

  /** The `i`th of the free slots, for whoever looks at all of them. */
  freeSlotAt(i: number): number {
    return this.#freeSlots[i] as number;
  }
}
