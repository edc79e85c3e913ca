/**
 * One process's memory for counters, as those see it that count: a thread allocates a block here and is its only
 * writer. The same memory can be attached to in any number of threads. Those that only look use a `CountersReader`.
 */
import { RSocketError } from '../flyweight/index.ts';
import { COUNTERS_ENABLED } from './COUNTERS_ENABLED.ts';
import { CounterBlock } from './CounterBlock.ts';
import {
  BLOCK_LENGTH,
  blockOffset,
  DEFAULT_MAX_BLOCKS,
  entryOffset,
  KIND_FIELD_OFFSET,
  LABEL_FIELD_OFFSET,
  MAGIC,
  MAGIC_FIELD_OFFSET,
  MAX_BLOCKS_FIELD_OFFSET,
  MAX_LABEL_LENGTH,
  memoryLength,
  NEXT_BLOCK_FIELD_OFFSET,
  OWNER_FIELD_OFFSET,
  REFUSALS_FIELD_OFFSET,
  STATE_BITS,
  STATE_CLAIMED,
  STATE_FIELD_OFFSET,
  STATE_FREE,
  STATE_LIVE,
  STATE_MASK,
  VERSION,
  VERSION_FIELD_OFFSET,
} from './CountersDescriptor.ts';

const WORDS_PER_BLOCK = BLOCK_LENGTH >> 2;
const encoder = /* @__PURE__ */ new TextEncoder();

export class CountersRegion {
  /** Hand it to other threads. Shared, but in a runtime that has no SharedArrayBuffer. */
  readonly memory: ArrayBufferLike;
  readonly maxBlocks: number;
  /** Number of the thread that counts through this object; goes into the entry of each block that it allocates. */
  readonly ownerId: number;
  readonly #words: Int32Array;

  private constructor(memory: ArrayBufferLike, ownerId: number) {
    this.memory = memory;
    this.ownerId = ownerId;
    this.#words = new Int32Array(memory);
    this.maxBlocks = this.#words[MAX_BLOCKS_FIELD_OFFSET >> 2] as number;
  }

  /** Makes the memory. @param maxBlocks rounded up to an even number */
  static create({
    maxBlocks = DEFAULT_MAX_BLOCKS,
    ownerId = 0,
  }: {
    maxBlocks?: number;
    ownerId?: number;
  } = {}): CountersRegion {
    const evenBlocks = Math.max(2, maxBlocks + (maxBlocks & 1));
    const length = memoryLength(evenBlocks);
    const memory = typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(length) : new SharedArrayBuffer(length);
    const words = new Int32Array(memory);
    words[MAGIC_FIELD_OFFSET >> 2] = MAGIC;
    words[VERSION_FIELD_OFFSET >> 2] = VERSION;
    words[MAX_BLOCKS_FIELD_OFFSET >> 2] = evenBlocks;
    return new CountersRegion(memory, ownerId);
  }

  /**
   * Joins memory that another thread made.
   * @throws RSocketError ERR_FLYSOCKET_COUNTERS_LAYOUT if it isn't laid out as this version lays it out
   */
  static attach(memory: ArrayBufferLike, ownerId = 0): CountersRegion {
    checkLayout(memory);
    return new CountersRegion(memory, ownerId);
  }

  /** How often a block was asked for when all were taken. */
  get refusals(): number {
    return Atomics.load(this.#words, REFUSALS_FIELD_OFFSET >> 2) >>> 0;
  }

  /**
   * A block of counters, all zero, for the calling thread. Counting never fails the work: if all blocks are taken, or
   * counters are compiled out, it is one that no reader lists. Any thread may call this at any time; it allocates.
   * @param kind a `BlockKind`
   * @param label what a person will see; cut to 48 bytes of UTF-8
   */
  allocate(kind: number, label: string): CounterBlock {
    if (!COUNTERS_ENABLED) return CounterBlock.unregistered(kind, label);
    const words = this.#words;
    const maxBlocks = this.maxBlocks;
    const start = Atomics.add(words, NEXT_BLOCK_FIELD_OFFSET >> 2, 1) >>> 0;
    for (let i = 0; i < maxBlocks; i++) {
      const index = (start + i) % maxBlocks;
      const word = (entryOffset(index) + STATE_FIELD_OFFSET) >> 2;
      const state = Atomics.load(words, word);
      if ((state & STATE_MASK) !== STATE_FREE) continue;
      const generation = ((state >>> STATE_BITS) + 1) & (-1 >>> STATE_BITS);
      const claimed = (generation << STATE_BITS) | STATE_CLAIMED;
      if (Atomics.compareExchange(words, word, state, claimed) !== state) continue;
      return this.#register(kind, label, index, generation);
    }
    Atomics.add(words, REFUSALS_FIELD_OFFSET >> 2, 1);
    return CounterBlock.unregistered(kind, label);
  }

  /**
   * Gives a block's slot back, of whichever region it came from. The numbers stay readable until the slot is used
   * again. To be called in the thread that counts; twice does no harm.
   */
  free(block: CounterBlock): void {
    block.detach();
  }

  /**
   * Gives back every block of a thread that has ended without doing so itself.
   * @param ownerId the number of a thread that surely counts no more
   * @returns how many blocks that were
   */
  freeOwnedBy(ownerId: number): number {
    const words = this.#words;
    let freed = 0;
    for (let index = 0; index < this.maxBlocks; index++) {
      const entry = entryOffset(index);
      const word = (entry + STATE_FIELD_OFFSET) >> 2;
      const state = Atomics.load(words, word);
      if ((state & STATE_MASK) !== STATE_LIVE || words[(entry + OWNER_FIELD_OFFSET) >> 2] !== ownerId) continue;
      if (Atomics.compareExchange(words, word, state, state - STATE_LIVE + STATE_FREE) === state) freed++;
    }
    return freed;
  }

  #register(kind: number, label: string, index: number, generation: number): CounterBlock {
    const words = this.#words;
    const entry = entryOffset(index);
    const counters = new Int32Array(this.memory, blockOffset(this.maxBlocks, index), WORDS_PER_BLOCK);
    counters.fill(0);
    // Browsers refuse to encode into shared memory.
    const labelBytes = new Uint8Array(MAX_LABEL_LENGTH);
    const labelLength = encoder.encodeInto(label, labelBytes).written;
    new Uint8Array(this.memory, entry + LABEL_FIELD_OFFSET, MAX_LABEL_LENGTH).set(labelBytes);
    words[(entry + KIND_FIELD_OFFSET) >> 2] = (labelLength << 16) | kind;
    words[(entry + OWNER_FIELD_OFFSET) >> 2] = this.ownerId;
    // Pairs with the loads of the state in CountersReader: who sees LIVE sees the entry and the zeros.
    Atomics.store(words, (entry + STATE_FIELD_OFFSET) >> 2, (generation << STATE_BITS) | STATE_LIVE);
    return new CounterBlock(kind, label, index, generation, counters, words);
  }
}

/** @throws RSocketError ERR_FLYSOCKET_COUNTERS_LAYOUT */
export function checkLayout(memory: ArrayBufferLike): void {
  const words = new Int32Array(memory, 0, memory.byteLength >> 2);
  const magic = words[MAGIC_FIELD_OFFSET >> 2];
  const version = words[VERSION_FIELD_OFFSET >> 2];
  const maxBlocks = words[MAX_BLOCKS_FIELD_OFFSET >> 2] ?? 0;
  if (magic === MAGIC && version === VERSION && memory.byteLength === memoryLength(maxBlocks)) return;
  throw new RSocketError(
    'ERR_FLYSOCKET_COUNTERS_LAYOUT',
    `no counters in this memory: magic=${magic} (want ${MAGIC}), version=${version} (want ${VERSION}), ` +
      `maxBlocks=${maxBlocks}, length=${memory.byteLength}`,
  );
}
