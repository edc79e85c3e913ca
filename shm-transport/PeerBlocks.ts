/**
 * A peer's memory for frames by reference, as this thread sees it: which of its blocks are here, and who keeps them.
 * One for each link; for the link's thread.
 */
import { DirectBuffer, RSocketError } from '../flyweight/index.ts';
import { PooledBuffer, type PooledBufferOwner } from '../pool/index.ts';
import {
  BLOCKS_MAGIC,
  BLOCKS_VERSION,
  CHUNK_COUNT_OFFSET,
  chunkIndex,
  MAGIC_OFFSET,
  OWNED,
  RETURNED,
  stateIndex,
  TAKEN,
  VERSION_OFFSET,
} from './SharedBlocksDescriptor.ts';

export class PeerBlocks {
  readonly memory: DirectBuffer;
  readonly #chunkCount: number;
  readonly #kept: Map<number, KeptBlock> = new Map();

  /** @param memory for which `isBlocks` */
  constructor(memory: SharedArrayBuffer) {
    this.memory = new DirectBuffer(memory);
    this.#chunkCount = this.memory.getInt32Native(CHUNK_COUNT_OFFSET);
  }

  /** Whether that is the memory of some thread's blocks. */
  static isBlocks(memory: SharedArrayBuffer): boolean {
    if (memory.byteLength < stateIndex(0)) return false;
    const buffer = new DirectBuffer(memory, 0, stateIndex(0));
    const chunkCount = buffer.getInt32Native(CHUNK_COUNT_OFFSET);
    return (
      buffer.getInt32Acquire(MAGIC_OFFSET) === BLOCKS_MAGIC &&
      buffer.getInt32Native(VERSION_OFFSET) === BLOCKS_VERSION &&
      chunkCount > 0 &&
      chunkIndex(chunkCount, chunkCount) === memory.byteLength
    );
  }

  /** Blocks of the peer's that are kept here. */
  get kept(): number {
    return this.#kept.size;
  }

  /** Whether such a frame lies within such a block, and this thread does not have it already. */
  isSound(first: number, chunks: number, offset: number, length: number): boolean {
    return (
      first >= 0 &&
      chunks > 0 &&
      first + chunks <= this.#chunkCount &&
      length >= 0 &&
      offset >= this.indexOf(first) &&
      offset + length <= this.indexOf(first + chunks) &&
      !this.#kept.has(first)
    );
  }

  /** The block is being read: its owner waits for it. */
  take(first: number): void {
    this.memory.putInt32Release(stateIndex(first), TAKEN);
  }

  /** Nobody reads the block here any more, unless it is kept. */
  handBackUnlessKept(first: number): void {
    if (!this.#kept.has(first)) this.memory.putInt32Release(stateIndex(first), OWNED);
  }

  /** Keeps a block. */
  hold(first: number, chunks: number, index: number, length: number): PooledBuffer {
    const kept = this.#kept.get(first) ?? new KeptBlock(this, first, chunks);
    this.#kept.set(first, kept);
    return kept.hold(index, this.indexOf(first + chunks) - index, length);
  }

  /** First chunk of the kept block that the byte at `index` is in, or -1. */
  blockAt(index: number): number {
    for (const [first, { chunks }] of this.#kept) {
      if (index >= this.indexOf(first) && index < this.indexOf(first + chunks)) return first;
    }
    return -1;
  }

  keptAt(first: number): KeptBlock | undefined {
    return this.#kept.get(first);
  }

  /** The block is on its way back, with a frame in it. */
  sendBack(first: number): void {
    this.memory.putInt32Release(stateIndex(first), RETURNED);
    this.#kept.delete(first);
  }

  /** Nobody here keeps the block any more. */
  forget(first: number): void {
    this.#kept.delete(first);
  }

  /** Index of a chunk's first byte. */
  indexOf(chunk: number): number {
    return chunkIndex(chunk, this.#chunkCount);
  }
}

/** A block that this thread keeps beyond the callback in which it came. One that comes again is another one. */
class KeptBlock implements PooledBufferOwner {
  readonly first: number;
  readonly chunks: number;
  readonly #blocks: PeerBlocks;
  #holds = 0;

  constructor(blocks: PeerBlocks, first: number, chunks: number) {
    this.#blocks = blocks;
    this.first = first;
    this.chunks = chunks;
  }

  hold(index: number, capacity: number, length: number): PooledBuffer {
    this.#holds++;
    const pooled = new PooledBuffer(this, this.#blocks.memory, index, capacity, null, this.first, 0);
    pooled.open(length);
    return pooled;
  }

  takeBack(): void {
    this.#holds--;
    if (this.#holds > 0 || this.#blocks.keptAt(this.first) !== this) return;
    this.#blocks.forget(this.first);
    this.#blocks.handBackUnlessKept(this.first);
  }

  describe(pooled: PooledBuffer): string {
    return `a peer's block at chunk ${this.first}, ${pooled.length} bytes`;
  }

  useAfterRelease(pooled: PooledBuffer, how: string): RSocketError {
    return new RSocketError('ERR_FLYSOCKET_USE_AFTER_RELEASE', `${how} after release: ${this.describe(pooled)}`);
  }
}
