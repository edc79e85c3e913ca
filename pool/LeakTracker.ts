/**
 * Remembers who acquired what, and poisons what nobody holds. It belongs to a pool in tracking mode, where a place in
 * memory is handed out with a new `PooledBuffer` each time: so an old one stays dead, and its misuse shows.
 */
import { RSocketError } from '../flyweight/index.ts';
import type { PooledBuffer } from './PooledBuffer.ts';
import type { Slab } from './Slab.ts';

/** Fills memory that nobody holds: as text unprintable, as a length far too large. */
export const POISON = 0xdb;

/** A buffer that was acquired and not released. */
export interface Leak {
  readonly buffer: PooledBuffer;
  /** Length as asked for, in bytes. */
  readonly length: number;
  readonly refCnt: number;
  /** Stack trace of the call of `acquire`, innermost first. */
  readonly acquiredAt: string;
}

interface StackHolder {
  stack?: string;
}

export class LeakTracker {
  readonly #owners = new WeakMap<PooledBuffer, StackHolder>();
  readonly #live = new Set<PooledBuffer>();

  /** @param below the function of the pool whose caller is the owner */
  acquired(pooled: PooledBuffer, below: (length: number) => unknown): void {
    const holder: StackHolder = {};
    if (typeof Error.captureStackTrace === 'function') Error.captureStackTrace(holder, below);
    else holder.stack = new Error('acquired').stack ?? '';
    this.#owners.set(pooled, holder);
    this.#live.add(pooled);
  }

  released(pooled: PooledBuffer): void {
    this.#live.delete(pooled);
    poison(pooled.buffer.bytes, pooled.offset, pooled.capacity);
  }

  leaks(): Leak[] {
    const leaks: Leak[] = [];
    for (const buffer of this.#live) {
      leaks.push({ buffer, length: buffer.length, refCnt: buffer.refCnt, acquiredAt: this.ownerOf(buffer) });
    }
    return leaks;
  }

  /** What is out and who has it, each on lines of its own. */
  leaksToString(): string {
    return this.leaks()
      .map(({ length, refCnt, acquiredAt }) => `\n${length} bytes, refCnt ${refCnt}:\n${acquiredAt}`)
      .join('');
  }

  /** Where the buffer was last acquired: the lines of the stack, or a word that nobody ever did. */
  ownerOf(pooled: PooledBuffer | null): string {
    const stack = pooled === null ? undefined : this.#owners.get(pooled)?.stack;
    if (stack === undefined) return 'nobody';
    return stack
      .split('\n')
      .filter((line) => /^\s*at |@/.test(line))
      .map((line) => line.trim())
      .join('\n');
  }

  poisonSlab(slab: Slab<PooledBuffer>): void {
    poison(slab.buffer.bytes, 0, slab.buffer.capacity);
  }

  /**
   * Looks whether the free slot is as it was left, and poisons it anew if it isn't.
   * @throws RSocketError ERR_FLYSOCKET_USE_AFTER_RELEASE naming slot and last owner
   */
  checkPoison(slab: Slab<PooledBuffer>, slot: number, poolLabel: string): void {
    const bytes = slab.buffer.bytes;
    const start = slot * slab.slotBytes;
    const end = start + slab.slotBytes;
    for (let i = start; i < end; i++) {
      if (bytes[i] === POISON) continue;
      const found = bytes[i];
      poison(bytes, start, slab.slotBytes);
      throw new RSocketError(
        'ERR_FLYSOCKET_USE_AFTER_RELEASE',
        `written after release: pool "${poolLabel}", slab ${slab.id}, slot ${slot} of ${slab.slotBytes} bytes, ` +
          `byte ${i - start} is ${found}; last acquired by\n${this.ownerOf(slab.pooled[slot] ?? null)}`,
      );
    }
  }

  /**
   * Looks at every free slot of the slabs in these lists.
   * @throws RSocketError ERR_FLYSOCKET_USE_AFTER_RELEASE as `checkPoison`
   */
  checkFreeSlots(lists: readonly (Slab<PooledBuffer> | null)[], poolLabel: string): void {
    for (const first of lists) {
      for (let slab = first; slab !== null; slab = slab.next) {
        for (let i = 0; i < slab.freeCount; i++) this.checkPoison(slab, slab.freeSlotAt(i), poolLabel);
      }
    }
  }
}

function poison(bytes: Uint8Array, offset: number, length: number): void {
  bytes.fill(POISON, offset, offset + length);
}
