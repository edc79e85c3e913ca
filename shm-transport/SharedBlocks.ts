/**
 * The memory of a thread from which large frames go by reference (layout: `SharedBlocksDescriptor`). A block is in use
 * while its thread holds a `PooledBuffer` on it, or a peer has it; then its chunks are free again. Space is looked for
 * from the start on, so that what was used last, and is warm, is used next; pages that were never used take no memory.
 *
 * What was sent over a link that has ended comes back when the peer says so; when it cannot have seen it; or when its
 * thread is known to have ended. For the owning thread.
 */
import { DirectBuffer, RSocketError } from '../flyweight/index.ts';
import { PooledBuffer, type PooledBufferOwner, PoolStatistics } from '../pool/index.ts';
import {
  BLOCKS_MAGIC,
  BLOCKS_VERSION,
  CHUNK_COUNT_OFFSET,
  CHUNK_LENGTH,
  chunkIndex,
  dataOffsetFor,
  HEADROOM_LENGTH,
  MAGIC_OFFSET,
  OWNED,
  RETURNED,
  SENT,
  stateIndex,
  VERSION_OFFSET,
} from './SharedBlocksDescriptor.ts';

/** Bytes that a thread shares for frames by reference, of which only those take memory that were ever used. */
export const SHARED_BLOCKS_BYTES: number = 64 * 1024 * 1024;

const FREE = -1;

/** The link by which a block went to a peer. */
export interface BlockCarrier {
  /** The peer reads no more of what was sent over this link. */
  readonly isReaderGone: boolean;
  /** This side reads no more of what comes. */
  readonly isEnded: boolean;
  /** The peer's thread has ended: it holds nothing any more. */
  readonly isPeerDead: boolean;
}

export class SharedBlocks implements PooledBufferOwner {
  readonly memory: DirectBuffer;
  readonly chunkCount: number;
  /** Blocks and their bytes, in the words of a pool. */
  readonly stats: PoolStatistics = new PoolStatistics();
  /** For each chunk, the first one of the block that it belongs to, or FREE. */
  readonly #firsts: Int32Array;
  /** For the first chunk of each block, how many chunks it has. */
  readonly #lengths: Int32Array;
  /** For the first chunk of each block, how many `PooledBuffer`s are out on it, and frames of it being read. */
  readonly #holds: Int32Array;
  /** For the first chunk of each block that was sent, over which link. */
  readonly #carriers: (BlockCarrier | undefined)[];
  /** First chunks of the blocks that were sent. */
  readonly #sent: number[] = [];

  static #ofThisThread: SharedBlocks | undefined;

  /** Those of this thread, made when they are first asked for. */
  static ofThisThread(): SharedBlocks {
    SharedBlocks.#ofThisThread ??= new SharedBlocks(SHARED_BLOCKS_BYTES);
    return SharedBlocks.#ofThisThread;
  }

  /** @param bytes of all chunks together: a multiple of `CHUNK_LENGTH` */
  constructor(bytes: number) {
    const chunkCount = Math.floor(bytes / CHUNK_LENGTH);
    this.chunkCount = chunkCount;
    this.memory = new DirectBuffer(new SharedArrayBuffer(dataOffsetFor(chunkCount) + chunkCount * CHUNK_LENGTH));
    this.memory.putInt32Native(VERSION_OFFSET, BLOCKS_VERSION);
    this.memory.putInt32Native(CHUNK_COUNT_OFFSET, chunkCount);
    this.memory.putInt32Release(MAGIC_OFFSET, BLOCKS_MAGIC);
    this.#firsts = new Int32Array(chunkCount).fill(FREE);
    this.#lengths = new Int32Array(chunkCount);
    this.#holds = new Int32Array(chunkCount);
    this.#carriers = new Array<BlockCarrier | undefined>(chunkCount).fill(undefined);
  }

  /**
   * Memory to write into that can be sent by reference, with one reference, which the caller releases; undefined if
   * there is no room. Once sent it must not be written any more: it is the receiver's.
   */
  tryAllocate(length: number): PooledBuffer | undefined {
    const first = this.take(HEADROOM_LENGTH + length);
    if (first < 0) return undefined;
    return this.hold(first, this.indexOf(first) + HEADROOM_LENGTH, length);
  }

  /** As `tryAllocate`. @throws RSocketError ERR_FLYSOCKET_POOL_EXHAUSTED if there is no room */
  allocate(length: number): PooledBuffer {
    const pooled = this.tryAllocate(length);
    if (pooled !== undefined) return pooled;
    const { inUse, bytesInUse } = this.stats;
    throw new RSocketError(
      'ERR_FLYSOCKET_POOL_EXHAUSTED',
      `shared blocks: no room for ${length} bytes: ${this.chunkCount} chunks, inUse=${inUse}, bytesInUse=${bytesInUse}`,
    );
  }

  /** Takes a block of at least `length` bytes. @returns its first chunk, or -1 if there is no room */
  take(length: number): number {
    this.sweep();
    const chunks = Math.ceil(length / CHUNK_LENGTH);
    const first = this.#find(chunks);
    if (first < 0) {
      this.stats.refused++;
      return first;
    }
    this.#firsts.fill(first, first, first + chunks);
    this.#lengths[first] = chunks;
    this.stats.acquired++;
    this.stats.bytesAcquired += chunks * CHUNK_LENGTH;
    return first;
  }

  /** Gives a block back that was taken and neither held nor sent. */
  untake(first: number): void {
    this.#freeUnlessUsed(first);
  }

  /** A reference on bytes of a block. */
  hold(first: number, index: number, length: number): PooledBuffer {
    this.#holds[first] = this.holdsOf(first) + 1;
    const pooled = new PooledBuffer(this, this.memory, index, this.endOf(first) - index, null, first, 0);
    pooled.open(length);
    return pooled;
  }

  /** The block goes to the peer at the other end of `carrier`. What was written before is visible to it. */
  send(first: number, carrier: BlockCarrier): void {
    this.#carriers[first] = carrier;
    this.#sent.push(first);
    this.memory.putInt32Release(stateIndex(first), SENT);
  }

  /**
   * The peer has sent the block back, with a frame in it: in use until `readBack`, whoever lets it go or sends it on.
   * @returns false if the peer never had it from `carrier`
   */
  receiveBack(first: number, carrier: BlockCarrier): boolean {
    if (!(first >= 0 && first < this.chunkCount) || this.#carriers[first] !== carrier) return false;
    this.memory.putInt32Release(stateIndex(first), OWNED);
    this.#carriers[first] = undefined;
    this.#sent.splice(this.#sent.indexOf(first), 1);
    this.#holds[first] = this.holdsOf(first) + 1;
    return true;
  }

  /** The frame of a block that came back has been read. */
  readBack(first: number): void {
    this.#letGo(first);
  }

  /** First chunk of the block that the byte at `index` is in and that is not with a peer; or -1. */
  blockAt(index: number): number {
    const chunk = Math.floor((index - dataOffsetFor(this.chunkCount)) / CHUNK_LENGTH);
    const first = chunk >= 0 && chunk < this.chunkCount ? (this.#firsts[chunk] as number) : FREE;
    return first === FREE || this.#carriers[first] !== undefined ? -1 : first;
  }

  chunksOf(first: number): number {
    return this.#lengths[first] as number;
  }

  /** Index of a block's first byte. */
  indexOf(first: number): number {
    return chunkIndex(first, this.chunkCount);
  }

  /** Index after a block's last byte. */
  endOf(first: number): number {
    return chunkIndex(first + this.chunksOf(first), this.chunkCount);
  }

  /** Whether the peer at the other end of `carrier` has blocks. */
  hasSentBy(carrier: BlockCarrier): boolean {
    this.sweep();
    return this.#sent.some((first) => this.#carriers[first] === carrier);
  }

  /** Takes back what peers have done with, and what those had that are gone. */
  sweep(): void {
    const sent = this.#sent;
    let kept = 0;
    for (let i = 0; i < sent.length; i++) {
      const first = sent[i] as number;
      if (this.#isBack(first)) {
        this.#carriers[first] = undefined;
        this.#freeUnlessUsed(first);
      } else {
        sent[kept++] = first;
      }
    }
    sent.length = kept;
  }

  /** @throws RSocketError ERR_FLYSOCKET_POOL_LEAK if a block is held here or has not come back */
  assertQuiescent(): void {
    this.sweep();
    const { inUse, bytesInUse } = this.stats;
    if (inUse === 0) return;
    const message = `shared blocks: ${inUse} of ${bytesInUse} bytes are in use, ${this.#sent.length} with peers`;
    throw new RSocketError('ERR_FLYSOCKET_POOL_LEAK', message);
  }

  /** Called by `PooledBuffer.release`. */
  takeBack(pooled: PooledBuffer): void {
    this.#letGo(pooled.slot);
  }

  describe(pooled: PooledBuffer): string {
    return `shared block at chunk ${pooled.slot}, ${pooled.length} bytes`;
  }

  useAfterRelease(pooled: PooledBuffer, how: string): RSocketError {
    return new RSocketError('ERR_FLYSOCKET_USE_AFTER_RELEASE', `${how} after release: ${this.describe(pooled)}`);
  }

  holdsOf(first: number): number {
    return this.#holds[first] as number;
  }

  #letGo(first: number): void {
    this.#holds[first] = this.holdsOf(first) - 1;
    this.#freeUnlessUsed(first);
  }

  #isBack(first: number): boolean {
    const index = stateIndex(first);
    const carrier = this.#carriers[first] as BlockCarrier;
    switch (this.memory.getInt32Acquire(index)) {
      case OWNED:
        return true;
      case SENT:
        // It may have been taken just before its reader went.
        if (!carrier.isReaderGone || this.memory.getInt32Acquire(index) !== SENT) return carrier.isPeerDead;
        break;
      case RETURNED:
        if (!carrier.isEnded) return false;
        break;
      default:
        if (!carrier.isPeerDead) return false;
    }
    this.memory.putInt32Release(index, OWNED);
    return true;
  }

  #freeUnlessUsed(first: number): void {
    if (this.#carriers[first] !== undefined || this.holdsOf(first) !== 0) return;
    const chunks = this.chunksOf(first);
    this.#firsts.fill(FREE, first, first + chunks);
    this.#lengths[first] = 0;
    this.stats.released++;
    this.stats.bytesReleased += chunks * CHUNK_LENGTH;
  }

  #find(chunks: number): number {
    const firsts = this.#firsts;
    let free = 0;
    for (let chunk = 0; chunk < this.chunkCount; chunk++) {
      const first = firsts[chunk] as number;
      if (first === FREE) {
        free++;
        if (free === chunks) return chunk - chunks + 1;
      } else {
        free = 0;
        chunk = first + this.chunksOf(first) - 1;
      }
    }
    return -1;
  }
}
