/**
 * The way out: a place for each frame, in the transport's memory while there is room, else in a bounded queue.
 *
 *   tryPlace   only into the transport: requests and items, which can wait where they come from
 *   place      into the transport or the queue: answers and control frames, which nobody else would keep
 *   sendLarge  a payload longer than one frame: whole, if the transport has a way for it; else as many fragments as
 *              there is room for, the rest from the queue
 *
 * While anything waits in the queue nothing overtakes it but connection frames. Fragmented payloads take turns, a
 * fragment each, so that a long one does not hold up the others. Queued bytes lie in pooled buffers.
 */
import {
  alignmentOf,
  encodePayloadComplete,
  encodeRequestN,
  Fragmenter,
  lengthOfPayloadComplete,
  lengthOfRequest,
  lengthOfRequestN,
} from '../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { type DirectBuffer, FrameType, NO_METADATA, type PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';
import { BACK_PRESSURED, CLOSED, type DuplexConnection, NO_PLACE } from '../transport/index.ts';
import { OutboundEntry } from './OutboundEntry.ts';

/** Result of a successful send. */
export const SENT: 1 = 1;
/** Bytes charged for each queued frame beside its own. */
const ENTRY_OVERHEAD_BYTES = 128;

export class Outbound {
  /** Index in `buffer` of the open place. */
  index = 0;
  /** Bytes that wait, overheads included. */
  queuedBytes = 0;
  /** The entry of the last fragmented payload that had to wait. It may have left since. */
  lastWaiting: OutboundEntry | undefined = undefined;
  /** Frames longer than that go in fragments. */
  readonly maxFrameLength: number;
  /** Entries that are fragmented payloads. */
  #fragmentedEntries = 0;
  /** The last entry on stream 0: those come first in the queue, in their own order. */
  #lastOfConnection: OutboundEntry | undefined = undefined;
  readonly #connection: DuplexConnection;
  readonly #pool: BufferPool;
  readonly #maxQueuedBytes: number;
  readonly #counters: CounterBlock;
  #head: OutboundEntry | undefined = undefined;
  #tail: OutboundEntry | undefined = undefined;
  #free: OutboundEntry | undefined = undefined;
  /** Writes large payloads that go whole. */
  readonly #wholeFrame: Fragmenter = new Fragmenter();
  /** The entry whose place is open, if that is in the queue. */
  #placed: OutboundEntry | undefined = undefined;

  constructor(
    connection: DuplexConnection,
    pool: BufferPool,
    maxFrameLength: number,
    maxQueuedBytes: number,
    counters: CounterBlock,
  ) {
    this.#connection = connection;
    this.maxFrameLength = Math.min(connection.maxFrameLength, maxFrameLength);
    this.#counters = counters;
    this.#pool = pool;
    this.#maxQueuedBytes = maxQueuedBytes;
  }

  /** Where the open place lies. It is asked for and not kept, or an idle connection would keep memory from its pool. */
  get buffer(): DirectBuffer {
    const entry = this.#placed;
    return entry === undefined ? this.#connection.buffer : (entry.pooled as PooledBuffer).buffer;
  }

  get isEmpty(): boolean {
    return this.#head === undefined;
  }

  /** Opens a place in the transport, at `buffer` and `index`; then `commit`. Nothing else may be sent in between. */
  tryPlace(length: number, alignment: number): typeof SENT | typeof BACK_PRESSURED | typeof CLOSED {
    if (this.#head !== undefined) return BACK_PRESSURED;
    const index = this.#connection.tryClaim(length, alignment);
    if (index < 0) return index as typeof BACK_PRESSURED | typeof CLOSED;
    this.index = index;
    return SENT;
  }

  /** As `tryPlace`, for a frame on stream 0, which goes ahead of the streams. @returns false if there is no room */
  tryPlaceAhead(length: number): boolean {
    if (this.#lastOfConnection !== undefined) return false;
    const index = this.#connection.tryClaim(length, 0);
    if (index < 0) return false;
    this.index = index;
    return true;
  }

  /**
   * Opens a place in the transport or, if that is full, in the queue; then `commit`. A frame on stream 0 goes ahead of
   * all that waits but those on stream 0.
   * @returns false if the connection is closed, or has now been closed because the queue would exceed its bound
   */
  place(streamId: number, length: number, alignment: number): boolean {
    if (this.#head === undefined || (streamId === 0 && this.#lastOfConnection === undefined)) {
      const index = this.#connection.tryClaim(length, alignment);
      if (index >= 0) {
        this.index = index;
        return true;
      }
      if (index === CLOSED) return false;
    }
    const pooled = this.#reserve(length + alignment);
    if (pooled === undefined) return false;
    const entry = this.#entry(streamId, pooled, length + alignment);
    entry.frameOffset = pooled.offset + alignment;
    entry.frameLength = length;
    this.#placed = entry;
    this.index = entry.frameOffset;
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
    if (entry.streamId === 0) this.#insertAhead(entry);
    else this.#append(entry);
  }

  /**
   * Sends a payload that is longer than a frame. Of fragments, what does not fit at once is copied and goes later;
   * `lastWaiting` is then its entry.
   * @returns `SENT`; or, with nothing sent and nothing kept, `BACK_PRESSURED` (only if not `mayQueue`) or `CLOSED`,
   *   also if the connection has now been closed because the queue would exceed its bound
   * @throws RSocketError ERR_FLYSOCKET_PAYLOAD_TOO_LONG if the payload alone exceeds that bound, or
   *   ERR_FLYSOCKET_POOL_EXHAUSTED; nothing is sent
   */
  sendLarge(
    type: number,
    streamId: number,
    flags: number,
    initialRequestN: number,
    payload: PayloadFlyweight,
    mayQueue: boolean,
  ): typeof SENT | typeof BACK_PRESSURED | typeof CLOSED {
    if (this.#head !== undefined && !mayQueue) return BACK_PRESSURED;
    if (this.#head === undefined) {
      const whole = this.#sendWhole(type, streamId, flags, initialRequestN, payload);
      if (whole === SENT || whole === CLOSED || (whole === BACK_PRESSURED && !mayQueue)) return whole;
    }
    const length = Math.max(payload.metadataLength, 0) + payload.dataLength;
    if (length + ENTRY_OVERHEAD_BYTES > this.#maxQueuedBytes) throw this.#tooLong(streamId, length);
    if (this.queuedBytes + length + ENTRY_OVERHEAD_BYTES > this.#maxQueuedBytes) {
      this.#closeFull();
      return CLOSED;
    }
    const entry = this.#entry(streamId, this.#pool.acquire(length), length);
    entry.fragmented = true;
    this.#fragmentedEntries++;
    entry.isRequest = type !== FrameType.PAYLOAD;
    entry.payload.wrap(payload);
    entry.fragmenter.start(type, streamId, flags, initialRequestN, entry.payload, this.maxFrameLength);
    const waits = this.#head !== undefined;
    const first = waits ? BACK_PRESSURED : this.#sendFragment(entry);
    if (first === CLOSED || (first === BACK_PRESSURED && !mayQueue)) {
      this.#release(entry);
      return first;
    }
    if (!waits) while (entry.fragmenter.hasNext && this.#sendFragment(entry) === SENT);
    if (!entry.fragmenter.hasNext) {
      this.#release(entry);
      return SENT;
    }
    this.#keepBytes(entry);
    this.#append(entry);
    this.lastWaiting = entry;
    return SENT;
  }

  #sendWhole(
    type: number,
    streamId: number,
    flags: number,
    initialRequestN: number,
    payload: PayloadFlyweight,
  ): typeof SENT | typeof BACK_PRESSURED | typeof CLOSED | typeof NO_PLACE {
    const connection = this.#connection;
    // Whoever limits the length of frames gets what was asked for.
    if (connection.tryClaimLarge === undefined || this.maxFrameLength < connection.maxFrameLength) return NO_PLACE;
    const length = lengthOfRequest(type, payload);
    const index = connection.tryClaimLarge(length, alignmentOf(type, payload), payload);
    if (index < 0) return index as typeof BACK_PRESSURED | typeof CLOSED | typeof NO_PLACE;
    this.#wholeFrame.start(type, streamId, flags, initialRequestN, payload, length);
    this.#wholeFrame.encodeNext(connection.buffer, index);
    connection.commit(index);
    return SENT;
  }

  /** Sends nothing more of a stream's fragmented payload, if one waits. */
  dropFragments(streamId: number): void {
    if (this.#fragmentedEntries === 0) return;
    for (let entry = this.#head; entry !== undefined; entry = entry.next) {
      if (entry.fragmented && entry.streamId === streamId) entry.dropped = true;
    }
  }

  /** Sends what waits, as far as there is room. @returns true if nothing waits any more */
  drain(): boolean {
    for (let entry = this.#head; entry !== undefined; entry = this.#head) {
      if (entry.dropped) {
        this.#shift();
        this.#release(entry);
      } else if (entry.fragmented) {
        if (!this.#drainFragmented(entry)) return false;
      } else {
        const source = (entry.pooled as PooledBuffer).buffer;
        const index = this.#connection.tryClaim(entry.frameLength, (source.byteOffset + entry.frameOffset) & 7);
        if (index < 0) return false;
        this.#connection.buffer.putBuffer(index, source, entry.frameOffset, entry.frameLength);
        this.#connection.commit(index);
        this.#shift();
        this.#release(entry);
      }
    }
    return true;
  }

  /** Forgets all that waits: the connection has ended. */
  close(): void {
    for (let entry = this.#head; entry !== undefined; entry = this.#head) {
      this.#shift();
      this.#release(entry);
    }
  }

  #drainFragmented(entry: OutboundEntry): boolean {
    if (entry.fragmenter.hasNext) {
      if (this.#sendFragment(entry) !== SENT) return false;
      if (entry.fragmenter.hasNext) {
        this.#shift();
        this.#append(entry);
        return true;
      }
    }
    if (entry.thenRequestN > 0) {
      const index = this.#connection.tryClaim(lengthOfRequestN(), 0);
      if (index < 0) return false;
      encodeRequestN(this.#connection.buffer, index, entry.streamId, entry.thenRequestN);
      this.#connection.commit(index);
      entry.thenRequestN = 0;
    }
    if (entry.thenComplete) {
      const index = this.#connection.tryClaim(lengthOfPayloadComplete(), 0);
      if (index < 0) return false;
      encodePayloadComplete(this.#connection.buffer, index, entry.streamId);
      this.#connection.commit(index);
    }
    this.#shift();
    this.#release(entry);
    return true;
  }

  #sendFragment(entry: OutboundEntry): typeof SENT | typeof BACK_PRESSURED | typeof CLOSED {
    const connection = this.#connection;
    const fragmenter = entry.fragmenter;
    const index = connection.tryClaim(fragmenter.nextLength(), fragmenter.nextAlignment());
    if (index < 0) return index as typeof BACK_PRESSURED | typeof CLOSED;
    fragmenter.encodeNext(connection.buffer, index);
    connection.commit(index);
    this.#counters.add(LinkCounter.FRAGMENTS_SENT, 1);
    return SENT;
  }

  /** Copies a payload into the entry's own memory, since the caller's is valid only during its call. */
  #keepBytes(entry: OutboundEntry): void {
    const pooled = entry.pooled as PooledBuffer;
    const payload = entry.payload;
    const metadataLength = Math.max(payload.metadataLength, 0);
    if (payload.metadataLength !== NO_METADATA) {
      pooled.buffer.putBuffer(pooled.offset, payload.metadataBuffer, payload.metadataOffset, metadataLength);
      payload.wrapMetadata(pooled.buffer, pooled.offset, metadataLength);
    }
    const dataOffset = pooled.offset + metadataLength;
    pooled.buffer.putBuffer(dataOffset, payload.dataBuffer, payload.dataOffset, payload.dataLength);
    payload.wrapData(pooled.buffer, dataOffset, payload.dataLength);
  }

  #reserve(length: number): PooledBuffer | undefined {
    const charged = length + ENTRY_OVERHEAD_BYTES;
    const pooled = this.queuedBytes + charged <= this.#maxQueuedBytes ? this.#pool.tryAcquire(length) : null;
    if (pooled !== null) return pooled;
    this.#closeFull();
    return undefined;
  }

  #closeFull(): void {
    const message = `the peer does not read: ${this.queuedBytes} bytes wait, maxOutboundBytes=${this.#maxQueuedBytes}`;
    this.#connection.close(new RSocketError('ERR_FLYSOCKET_OUTBOUND_FULL', message));
  }

  #tooLong(streamId: number, length: number): RSocketError {
    return new RSocketError(
      'ERR_FLYSOCKET_PAYLOAD_TOO_LONG',
      `payload too long to wait for room: streamId=${streamId}, length=${length}, ` +
        `maxOutboundBytes=${this.#maxQueuedBytes}`,
    );
  }

  #entry(streamId: number, pooled: PooledBuffer, length: number): OutboundEntry {
    const entry = this.#free ?? new OutboundEntry();
    this.#free = entry.next;
    entry.next = undefined;
    entry.streamId = streamId;
    entry.pooled = pooled;
    entry.charged = length + ENTRY_OVERHEAD_BYTES;
    this.queuedBytes += entry.charged;
    return entry;
  }

  #release(entry: OutboundEntry): void {
    (entry.pooled as PooledBuffer).release();
    this.queuedBytes -= entry.charged;
    if (entry.fragmented) this.#fragmentedEntries--;
    entry.recycle();
    entry.next = this.#free;
    this.#free = entry;
  }

  #append(entry: OutboundEntry): void {
    if (this.#tail === undefined) this.#head = entry;
    else this.#tail.next = entry;
    this.#tail = entry;
    entry.next = undefined;
  }

  #insertAhead(entry: OutboundEntry): void {
    const before = this.#lastOfConnection;
    this.#lastOfConnection = entry;
    if (before === undefined) {
      entry.next = this.#head;
      this.#head = entry;
    } else {
      entry.next = before.next;
      before.next = entry;
    }
    if (entry.next === undefined) this.#tail = entry;
  }

  #shift(): void {
    const entry = this.#head as OutboundEntry;
    this.#head = entry.next;
    if (this.#head === undefined) this.#tail = undefined;
    if (this.#lastOfConnection === entry) this.#lastOfConnection = undefined;
    entry.next = undefined;
  }
}
