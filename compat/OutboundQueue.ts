/**
 * The way out for a library whose `send` cannot be refused: a place for each frame, in the transport's own memory while
 * there is room, else in a bounded queue of pooled bytes.
 *
 *   place(length)  ->  `buffer`, `index`: the frame is written there  ->  commit()
 *
 * Frames keep their order: while anything waits, what follows waits behind it.
 */
import { type DirectBuffer, type PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';
import { CLOSED, type DuplexConnection, NO_PLACE } from '../transport/index.ts';

/** Bytes charged for each waiting frame beside its own. */
const ENTRY_OVERHEAD_BYTES = 128;

/** A frame that waits, in memory that the entry owns. */
interface Entry {
  readonly pooled: PooledBuffer;
  /** Where the frame starts in `pooled.buffer`. */
  readonly offset: number;
  readonly length: number;
  next: Entry | undefined;
}

export class OutboundQueue {
  /** Where the open place starts in `buffer`. */
  index = 0;
  /** Bytes that wait, overheads included. */
  queuedBytes = 0;
  readonly #connection: DuplexConnection;
  readonly #pool: BufferPool;
  readonly #maxQueuedBytes: number;
  readonly #onFull: (error: RSocketError) => void;
  #head: Entry | undefined = undefined;
  #tail: Entry | undefined = undefined;
  /** The entry whose place is open, if that is in the queue. */
  #placed: Entry | undefined = undefined;

  /**
   * @param pool memory for what waits
   * @param maxQueuedBytes bound on what waits, overheads included
   * @param onFull called, within `place`, with the ERR_FLYSOCKET_OUTBOUND_FULL for which to close the connection
   */
  constructor(
    connection: DuplexConnection,
    pool: BufferPool,
    maxQueuedBytes: number,
    onFull: (error: RSocketError) => void,
  ) {
    this.#connection = connection;
    this.#pool = pool;
    this.#maxQueuedBytes = maxQueuedBytes;
    this.#onFull = onFull;
  }

  /** Where the open place lies. */
  get buffer(): DirectBuffer {
    const placed = this.#placed;
    return placed === undefined ? this.#connection.buffer : placed.pooled.buffer;
  }

  get isEmpty(): boolean {
    return this.#head === undefined;
  }

  /**
   * Opens a place for a frame of `length` bytes, at most the connection's `maxFrameLength`; write it, then `commit`.
   * Allocates only if the frame has to wait.
   * @param alignment as for `DuplexConnection.tryClaim`
   * @returns false if the connection has ended, or if there is no room for what waits: `onFull` has then been called
   */
  place(length: number, alignment: number): boolean {
    if (this.#head === undefined) {
      const index = this.#connection.tryClaim(length, alignment);
      if (index >= 0) {
        this.index = index;
        return true;
      }
      if (index === CLOSED) return false;
    }
    const charged = length + alignment + ENTRY_OVERHEAD_BYTES;
    const fits = this.queuedBytes + charged <= this.#maxQueuedBytes;
    const pooled = fits ? this.#pool.tryAcquire(length + alignment) : null;
    if (pooled === null) {
      const message = `the peer does not read: ${this.queuedBytes} bytes wait, limit ${this.#maxQueuedBytes}`;
      this.#onFull(new RSocketError('ERR_FLYSOCKET_OUTBOUND_FULL', message));
      return false;
    }
    this.queuedBytes += charged;
    this.#placed = { pooled, offset: pooled.offset + alignment, length, next: undefined };
    this.index = this.#placed.offset;
    return true;
  }

  /**
   * As `place`, for a frame beyond the connection's `maxFrameLength`, where the transport has a way for that
   * (`tryClaimLarge`) and nothing waits.
   * @param payload what the frame carries
   * @returns false if it has to go in fragments
   */
  placeLarge(length: number, alignment: number, payload: PayloadFlyweight): boolean {
    if (this.#head !== undefined) return false;
    const index = this.#connection.tryClaimLarge?.(length, alignment, payload) ?? NO_PLACE;
    if (index < 0) return false;
    this.index = index;
    return true;
  }

  /** The frame at the open place is written. */
  commit(): void {
    const entry = this.#placed;
    if (entry === undefined) {
      this.#connection.commit(this.index);
      return;
    }
    this.#placed = undefined;
    if (this.#tail === undefined) this.#head = entry;
    else this.#tail.next = entry;
    this.#tail = entry;
  }

  /** Sends what waits, as far as there is room: for `onWritable`. @returns true if nothing waits any more */
  drain(): boolean {
    const connection = this.#connection;
    for (let entry = this.#head; entry !== undefined; entry = this.#head) {
      const source = entry.pooled.buffer;
      const index = connection.tryClaim(entry.length, (source.byteOffset + entry.offset) & 7);
      if (index < 0) return false;
      connection.buffer.putBuffer(index, source, entry.offset, entry.length);
      connection.commit(index);
      this.#shift(entry);
    }
    return true;
  }

  /** Forgets all that waits: the connection has ended. */
  close(): void {
    for (let entry = this.#head; entry !== undefined; entry = this.#head) this.#shift(entry);
    this.#placed?.pooled.release();
    this.#placed = undefined;
    this.queuedBytes = 0;
  }

  #shift(entry: Entry): void {
    this.#head = entry.next;
    if (this.#head === undefined) this.#tail = undefined;
    this.queuedBytes -= entry.length + (entry.offset - entry.pooled.offset) + ENTRY_OVERHEAD_BYTES;
    entry.pooled.release();
  }
}
