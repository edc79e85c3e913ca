/**
 * Memory to write into, handed out and taken back, so that a busy program makes no garbage. Requests are rounded up to
 * a size class and served from slabs; those above 1 MiB get memory of their own. All of it is bounded by `maxBytes`.
 *
 * A pool belongs to one thread. This one tracks nothing: who bundles it and no `BufferPool` leaves the tracker out.
 */
import { DirectBuffer, RSocketError } from '../flyweight/index.ts';
import type { Leak, LeakTracker } from './LeakTracker.ts';
import { PooledBuffer, type PooledBufferOwner } from './PooledBuffer.ts';
import { PoolStatistics } from './PoolStatistics.ts';
import { LARGEST_CLASS_BYTES, SIZE_CLASS_COUNT, sizeClassOf, sizeOfClass } from './SizeClasses.ts';
import { Slab } from './Slab.ts';

/** Memory that a pool may hold unless said otherwise. */
export const DEFAULT_MAX_POOL_BYTES: number = 64 * 1024 * 1024;
/** Length of a slab unless said otherwise. */
export const DEFAULT_SLAB_BYTES: number = 256 * 1024;
/** Slabs of each class that a pool keeps at first though none of their slots is in use. */
const KEPT_EMPTY_SLABS = 1;
/** The most that it keeps: one more each time that it makes a slab after it has given one of that class back. */
const MAX_KEPT_EMPTY_SLABS = 8;

/** How such a pool is made; all of it has a default. */
export interface SlabPoolOptions {
  /** Memory that the pool may hold, in bytes. */
  readonly maxBytes?: number;
  /** Length of a slab in bytes. */
  readonly slabBytes?: number;
  /** True for memory that other threads can see. */
  readonly shared?: boolean;
  /** Name in messages. */
  readonly label?: string;
}

export class SlabPool implements PooledBufferOwner {
  readonly maxBytes: number;
  readonly label: string;
  readonly shared: boolean;
  readonly stats: PoolStatistics;
  readonly #slabBytes: number;
  readonly #tracker: LeakTracker | null;
  /** For each class, the first of its slabs that have a free slot. */
  readonly #available: (Slab<PooledBuffer> | null)[];
  /** For each class, how many of its slabs are empty. */
  readonly #emptySlabs: Int32Array;
  /** For each class, how many empty slabs are kept. */
  readonly #keptSlabs: Int32Array;
  /** For each class, 1 if a slab was given back since one was last made. */
  readonly #hasGivenBack: Uint8Array;
  #lastSlabId: number;

  /** @param tracker of a `BufferPool` in tracking mode */
  constructor(
    {
      maxBytes = DEFAULT_MAX_POOL_BYTES,
      slabBytes = DEFAULT_SLAB_BYTES,
      shared = false,
      label = 'pool',
    }: SlabPoolOptions = {},
    tracker: LeakTracker | null = null,
  ) {
    this.maxBytes = maxBytes;
    this.label = label;
    this.shared = shared;
    this.stats = new PoolStatistics();
    this.#slabBytes = slabBytes;
    this.#tracker = tracker;
    this.#available = new Array<Slab<PooledBuffer> | null>(SIZE_CLASS_COUNT).fill(null);
    this.#emptySlabs = new Int32Array(SIZE_CLASS_COUNT);
    this.#keptSlabs = new Int32Array(SIZE_CLASS_COUNT).fill(KEPT_EMPTY_SLABS);
    this.#hasGivenBack = new Uint8Array(SIZE_CLASS_COUNT);
    this.#lastSlabId = 0;
  }

  /**
   * A buffer of at least `length` bytes with one reference, which the caller releases. What the bytes are is
   * undefined. Allocates nothing while the pool has a slot that was in use before.
   * @throws RSocketError ERR_FLYSOCKET_POOL_EXHAUSTED if that would take more than `maxBytes`
   * @throws RSocketError ERR_FLYSOCKET_USE_AFTER_RELEASE in tracking mode, if someone wrote where nobody should
   */
  acquire(length: number): PooledBuffer {
    const pooled = this.#take(length);
    if (pooled === null) throw this.#exhausted(length);
    if (this.#tracker !== null) this.#tracker.acquired(pooled, this.acquire);
    return pooled;
  }

  /** As `acquire`, but null if that would take more than `maxBytes`. */
  tryAcquire(length: number): PooledBuffer | null {
    const pooled = this.#take(length);
    if (pooled !== null && this.#tracker !== null) this.#tracker.acquired(pooled, this.tryAcquire);
    return pooled;
  }

  /**
   * Leaves every slab that no buffer is out of to the garbage collector, and forgets how many it had come to keep.
   * @returns the bytes given back
   */
  trim(): number {
    let bytes = 0;
    this.#keptSlabs.fill(KEPT_EMPTY_SLABS);
    this.#hasGivenBack.fill(0);
    for (let sizeClass = 0; sizeClass < SIZE_CLASS_COUNT; sizeClass++) {
      for (let slab = this.#available[sizeClass] as Slab<PooledBuffer> | null; slab !== null; ) {
        const next: Slab<PooledBuffer> | null = slab.next;
        if (slab.isEmpty) bytes += this.#free(slab);
        slab = next;
      }
    }
    return bytes;
  }

  /** The buffers that are out, and who acquired them. Empty but in tracking mode. */
  leaks(): Leak[] {
    return this.#tracker === null ? [] : this.#tracker.leaks();
  }

  /**
   * Checks that every buffer came back, and in tracking mode that nobody wrote where nobody should.
   * @throws RSocketError ERR_FLYSOCKET_POOL_LEAK naming, in tracking mode, who acquired what is still out
   * @throws RSocketError ERR_FLYSOCKET_USE_AFTER_RELEASE
   */
  assertQuiescent(): void {
    const { inUse, bytesInUse } = this.stats;
    if (inUse !== 0) {
      const hint = this.#tracker?.leaksToString() ?? ' (a pool in tracking mode knows who has them)';
      throw new RSocketError(
        'ERR_FLYSOCKET_POOL_LEAK',
        `pool "${this.label}": ${inUse} buffers of ${bytesInUse} bytes are out${hint}`,
      );
    }
    this.#tracker?.checkFreeSlots(this.#available, this.label);
  }

  /** Called by `PooledBuffer.release` when nobody holds it any more. */
  takeBack(pooled: PooledBuffer): void {
    const stats = this.stats;
    stats.released++;
    stats.bytesReleased += pooled.capacity;
    if (this.#tracker !== null) this.#tracker.released(pooled);
    const slab = pooled.slab;
    if (slab === null) {
      stats.bytesGivenBack += pooled.capacity;
      return;
    }
    slab.returnSlot(pooled.slot);
    if (slab.freeCount === 1) this.#link(slab);
    if (!slab.isEmpty) return;
    const sizeClass = slab.sizeClass;
    const emptySlabs = (this.#emptySlabs[sizeClass] as number) + 1;
    this.#emptySlabs[sizeClass] = emptySlabs;
    if (emptySlabs <= (this.#keptSlabs[sizeClass] as number)) return;
    this.#hasGivenBack[sizeClass] = 1;
    this.#free(slab);
  }

  /** Which piece of memory that is, for messages. */
  describe(pooled: PooledBuffer): string {
    const { slab, slot, capacity, epoch } = pooled;
    const place = slab === null ? `${capacity} bytes of its own` : `slab ${slab.id}, slot ${slot} of ${capacity} bytes`;
    const owner = this.#tracker === null ? '' : `; last acquired by\n${this.#tracker.ownerOf(pooled)}`;
    return `pool "${this.label}", ${place}, epoch ${epoch}${owner}`;
  }

  /** The error for a buffer that is used though it was released. Called by `PooledBuffer`. */
  useAfterRelease(pooled: PooledBuffer, how: string): RSocketError {
    return new RSocketError('ERR_FLYSOCKET_USE_AFTER_RELEASE', `${how} after release: ${this.describe(pooled)}`);
  }

  #take(length: number): PooledBuffer | null {
    if (!(length >= 0 && length <= LARGEST_CLASS_BYTES)) return this.#takeHuge(length);
    const sizeClass = sizeClassOf(length);
    const slab = (this.#available[sizeClass] as Slab<PooledBuffer> | null) ?? this.#allocate(sizeClass);
    if (slab === null) return null;
    if (this.#tracker !== null) this.#tracker.checkPoison(slab, slab.peekSlot(), this.label);
    if (slab.isEmpty) this.#emptySlabs[sizeClass] = (this.#emptySlabs[sizeClass] as number) - 1;
    const slot = slab.takeSlot();
    if (slab.freeCount === 0) this.#unlink(slab);
    let pooled = slab.pooled[slot] as PooledBuffer | null;
    if (pooled === null || this.#tracker !== null) pooled = this.#makeFor(slab, slot, pooled);
    return this.#handOut(pooled, length);
  }

  #makeFor(slab: Slab<PooledBuffer>, slot: number, previous: PooledBuffer | null): PooledBuffer {
    const slotBytes = slab.slotBytes;
    const epoch = previous === null ? 0 : previous.epoch;
    const pooled = new PooledBuffer(this, slab.buffer, slot * slotBytes, slotBytes, slab, slot, epoch);
    slab.pooled[slot] = pooled;
    return pooled;
  }

  #takeHuge(length: number): PooledBuffer | null {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new RSocketError('ERR_FLYSOCKET_OUT_OF_BOUNDS', `no length of a buffer: ${length}`);
    }
    const capacity = Math.ceil(length / 8) * 8;
    if (!this.#reserve(capacity)) return this.#refuse();
    const memory = this.shared ? new SharedArrayBuffer(capacity) : new ArrayBuffer(capacity);
    return this.#handOut(new PooledBuffer(this, new DirectBuffer(memory), 0, capacity, null, 0, 0), length);
  }

  #handOut(pooled: PooledBuffer, length: number): PooledBuffer {
    const stats = this.stats;
    stats.acquired++;
    stats.bytesAcquired += pooled.capacity;
    pooled.open(length);
    return pooled;
  }

  #allocate(sizeClass: number): Slab<PooledBuffer> | null {
    this.#learn(sizeClass);
    const slotBytes = sizeOfClass(sizeClass);
    let bytes = Slab.bytesFor(slotBytes, this.#slabBytes);
    if (!this.#reserve(bytes)) {
      // What is left may be too little for a slab, but not for a slot.
      bytes = Slab.bytesFor(slotBytes, this.maxBytes - this.stats.bytesReserved);
      if (!this.#reserve(bytes)) return this.#refuse();
    }
    this.#lastSlabId++;
    const slab = new Slab<PooledBuffer>(this.#lastSlabId, sizeClass, slotBytes, bytes, this.shared);
    if (this.#tracker !== null) this.#tracker.poisonSlab(slab);
    this.#emptySlabs[sizeClass] = (this.#emptySlabs[sizeClass] as number) + 1;
    this.stats.slabsAllocated++;
    this.#link(slab);
    return slab;
  }

  /**
   * A slab is to be made. If one was given back before, that was too soon: bursts of eight times 64 KiB, which take two
   * slabs, would have one made and zeroed each time, 20 us a burst rather than 0.3 (measured).
   */
  #learn(sizeClass: number): void {
    if (this.#hasGivenBack[sizeClass] === 0) return;
    this.#hasGivenBack[sizeClass] = 0;
    const kept = this.#keptSlabs[sizeClass] as number;
    if (kept < MAX_KEPT_EMPTY_SLABS) this.#keptSlabs[sizeClass] = kept + 1;
  }

  /** Counts memory that is about to be taken; if need be, empty slabs of other classes make room for it. */
  #reserve(bytes: number): boolean {
    const stats = this.stats;
    if (stats.bytesReserved + bytes > this.maxBytes) {
      if (bytes <= this.maxBytes) this.trim();
      if (stats.bytesReserved + bytes > this.maxBytes) return false;
    }
    stats.bytesTaken += bytes;
    return true;
  }

  #refuse(): null {
    this.stats.refused++;
    return null;
  }

  #free(slab: Slab<PooledBuffer>): number {
    this.#unlink(slab);
    this.#emptySlabs[slab.sizeClass] = (this.#emptySlabs[slab.sizeClass] as number) - 1;
    this.stats.slabsFreed++;
    this.stats.bytesGivenBack += slab.buffer.capacity;
    return slab.buffer.capacity;
  }

  #link(slab: Slab<PooledBuffer>): void {
    const first = this.#available[slab.sizeClass] as Slab<PooledBuffer> | null;
    slab.next = first;
    slab.previous = null;
    if (first !== null) first.previous = slab;
    this.#available[slab.sizeClass] = slab;
  }

  #unlink(slab: Slab<PooledBuffer>): void {
    const { next, previous } = slab;
    if (previous === null) this.#available[slab.sizeClass] = next;
    else previous.next = next;
    if (next !== null) next.previous = previous;
    slab.next = null;
    slab.previous = null;
  }

  #exhausted(length: number): RSocketError {
    const { inUse, bytesInUse, bytesReserved } = this.stats;
    return new RSocketError(
      'ERR_FLYSOCKET_POOL_EXHAUSTED',
      `pool "${this.label}": no room for ${length} bytes: maxBytes=${this.maxBytes}, bytesReserved=${bytesReserved}, ` +
        `inUse=${inUse}, bytesInUse=${bytesInUse}`,
    );
  }
}
