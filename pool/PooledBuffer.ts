/**
 * A piece of a pool's memory, counted by reference: it goes back to its pool when the last reference is released. The
 * object goes back with its memory and is handed out again with it, so whoever keeps one beyond his last `release`
 * looks at another's bytes. Whoever can't know keeps the `epoch` as well and asks `isCurrent` or `checked`.
 *
 * For the pool's own thread; the bytes themselves may be shown to others if the pool's memory is shared.
 */
import { type DirectBuffer, RSocketError } from '../flyweight/index.ts';
import type { Slab } from './Slab.ts';

/** A pool, as its pieces see it. */
export interface PooledBufferOwner {
  /** The last reference is gone. */
  takeBack(pooled: PooledBuffer): void;
  /** The piece's place, for messages. */
  describe(pooled: PooledBuffer): string;
  useAfterRelease(pooled: PooledBuffer, how: string): RSocketError;
}

export class PooledBuffer {
  /** The memory that this piece lies in, with other pieces around it. */
  readonly buffer: DirectBuffer;
  /** Where this piece starts in `buffer`, a multiple of 16, in bytes. */
  readonly offset: number;
  /** Length as asked for, in bytes. */
  length: number;
  /** Bytes that may be used, at least `length`. */
  readonly capacity: number;
  /** Grows whenever the piece goes back to its pool. */
  epoch: number;
  /** The slab and slot that it fills; null and 0 for memory of its own. Used by the pool. */
  readonly slab: Slab<PooledBuffer> | null;
  readonly slot: number;
  readonly #pool: PooledBufferOwner;
  #refCnt: number;

  /** Made by `BufferPool`. */
  constructor(
    pool: PooledBufferOwner,
    buffer: DirectBuffer,
    offset: number,
    capacity: number,
    slab: Slab<PooledBuffer> | null,
    slot: number,
    epoch: number,
  ) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = 0;
    this.capacity = capacity;
    this.epoch = epoch;
    this.slab = slab;
    this.slot = slot;
    this.#pool = pool;
    this.#refCnt = 0;
  }

  /** References that are held: 1 after `acquire`, 0 once the piece is back in its pool. */
  get refCnt(): number {
    return this.#refCnt;
  }

  /**
   * Adds a reference, to be released like the first.
   * @throws RSocketError ERR_FLYSOCKET_USE_AFTER_RELEASE if there is none any more
   */
  retain(): this {
    this.assertHeld();
    this.#refCnt++;
    return this;
  }

  /**
   * Gives up a reference.
   * @returns true if it was the last one and the piece went back to its pool
   * @throws RSocketError ERR_FLYSOCKET_DOUBLE_RELEASE if there is none to give up
   */
  release(): boolean {
    if (this.#refCnt === 0) throw this.#doubleRelease();
    this.#refCnt--;
    if (this.#refCnt > 0) return false;
    this.epoch = (this.epoch + 1) | 0;
    this.#pool.takeBack(this);
    return true;
  }

  /** True if the piece has not been back in its pool since its epoch was `epoch`. */
  isCurrent(epoch: number): boolean {
    return this.epoch === epoch;
  }

  /**
   * The buffer, for a holder who took note of the epoch.
   * @throws RSocketError ERR_FLYSOCKET_USE_AFTER_RELEASE if the piece has been released since
   */
  checked(epoch: number): DirectBuffer {
    if (this.epoch !== epoch) throw this.#pool.useAfterRelease(this, `looked at in epoch ${epoch}`);
    return this.buffer;
  }

  /** @throws RSocketError ERR_FLYSOCKET_USE_AFTER_RELEASE if nobody holds a reference */
  assertHeld(): void {
    if (this.#refCnt === 0) throw this.#pool.useAfterRelease(this, 'used');
  }

  /** Hands the piece out with one reference. Called by the pool. */
  open(length: number): void {
    this.length = length;
    this.#refCnt = 1;
  }

  #doubleRelease(): RSocketError {
    return new RSocketError(
      'ERR_FLYSOCKET_DOUBLE_RELEASE',
      `released more often than retained: ${this.#pool.describe(this)}`,
    );
  }
}
