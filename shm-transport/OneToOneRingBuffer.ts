/**
 * A ring of messages in shared memory from one producer to one consumer, each a thread of its own or both the same.
 *
 * The producer claims a place, writes the message there, commits it, and publishes what it committed by `flush`, one
 * store of the tail for the whole batch. The consumer reads the messages where they lie and gives their space back by
 * one store of the head. Nothing here waits, wakes or allocates: a full ring refuses, an empty one reads nothing.
 *
 * Who synchronises with whom (docs/wire/ring.md): `putInt32Release(tail)` in `flush` pairs with `getInt32Acquire(tail)`
 * in `read`, so records are plain writes and plain reads; `putInt32Release(head)` in `read` pairs with
 * `getInt32Acquire(head)` in `tryClaim`, so what is overwritten has been read. Each end keeps its own position in a
 * plain field. The producer keeps the head that it last saw too, and looks again only when the ring seems full by it;
 * the consumer looks at the tail once a drain.
 *
 * An end is one object per thread: the producer uses the half of it down to `closeProducer`, the consumer the rest.
 */
import { COUNTERS_ENABLED, type CounterBlock, RingProducerCounter } from '../counters/index.ts';
import { DirectBuffer, type RSocketError } from '../flyweight/index.ts';
import { ControlledAction } from './ControlledAction.ts';
import { countBatch } from './countBatch.ts';
import { countDrain } from './countDrain.ts';
import type { ControlledMessageHandler, MessageHandler } from './MessageHandler.ts';
import {
  LENGTH_FIELD_OFFSET,
  MIN_MSG_TYPE_ID,
  PADDING_MSG_TYPE_ID,
  RECORD_ALIGNMENT,
  RECORD_HEADER_LENGTH,
  TYPE_FIELD_OFFSET,
} from './RecordDescriptor.ts';
import {
  BATCH_LENGTH_SHIFT,
  CONSUMER_STATE_OFFSET,
  HEAD_INTERVAL_SHIFT,
  MAX_MSG_LENGTH_SHIFT,
  PRODUCER_STATE_OFFSET,
  RING_CLOSED,
} from './RingBufferDescriptor.ts';
import type { RingBufferOptions } from './RingBufferOptions.ts';
import { RingMemory } from './RingMemory.ts';
import { corruptPositions, corruptRecord, reentrantRead, wrongClaim, wrongMessage } from './ringErrors.ts';

/** What `tryClaim` returns when the ring has no room. */
export const INSUFFICIENT_CAPACITY: -2 = -2;

const NO_CLAIM = -1;
const PRODUCER_CLOSED = -2;
const NO_LIMIT = 0x7fff_ffff;

export class OneToOneRingBuffer extends RingMemory {
  static readonly INSUFFICIENT_CAPACITY: -2 = INSUFFICIENT_CAPACITY;

  /** Longest message, in bytes: capacity / 8. */
  readonly maxMsgLength: number;

  readonly #mask: number;
  readonly #batchLength: number;
  readonly #headInterval: number;
  readonly #producerCounters: CounterBlock | undefined;
  readonly #consumerCounters: CounterBlock | undefined;

  /** Producer: end of what is committed, and of what is published. */
  #tail: number;
  #publishedTail: number;
  /** Producer: the head as it last saw it. */
  #headSeen: number;
  /** Producer: index of the open claim's message, or NO_CLAIM, or PRODUCER_CLOSED; and the tail that it will make. */
  #claimIndex: number;
  #claimTail: number;
  /** Producer: whether anything was published since `flush` was last called. */
  #publishedSinceFlush: boolean;
  /** Producer: what the batch holds. */
  #batchPadding: number;

  /** Consumer: end of what is consumed. */
  #head: number;
  #isReading: boolean;

  /**
   * Attaches to the ring in `sharedArrayBuffer`; the first end to come initialises zeroed memory.
   * @param sharedArrayBuffer of `lengthFor(capacity)` bytes
   * @throws RSocketError as `RingMemory`
   */
  constructor(sharedArrayBuffer: SharedArrayBuffer, options: RingBufferOptions = {}) {
    super(sharedArrayBuffer, (options.initialPosition ?? 0) | 0, options.label ?? 'ring');
    const capacity = this.capacity;
    const head = this.consumerPosition();
    const tail = this.producerPosition();
    this.maxMsgLength = capacity >>> MAX_MSG_LENGTH_SHIFT;
    this.#mask = capacity - 1;
    this.#batchLength = capacity >>> BATCH_LENGTH_SHIFT;
    this.#headInterval = capacity >>> HEAD_INTERVAL_SHIFT;
    this.#producerCounters = options.producerCounters;
    this.#consumerCounters = options.consumerCounters;
    this.#tail = tail;
    this.#publishedTail = tail;
    this.#headSeen = head;
    this.#claimIndex = this.isProducerClosed() ? PRODUCER_CLOSED : NO_CLAIM;
    this.#claimTail = tail;
    this.#publishedSinceFlush = false;
    this.#batchPadding = 0;
    this.#head = head;
    this.#isReading = false;
  }

  /**
   * Claims the place of a message. At most one claim is open: `commit` or `abort` it before the next.
   * A refused claim changes nothing. What is committed but not flushed counts as used: flush before waiting for room.
   * @param msgTypeId 1 or more
   * @param length of the message, 0 to `maxMsgLength`
   * @returns the index in `buffer` of the message's first byte, a multiple of 8, or INSUFFICIENT_CAPACITY
   * @throws RSocketError ERR_FLYSOCKET_RING_MESSAGE for a type or length out of range
   * @throws RSocketError ERR_FLYSOCKET_RING_CLAIM if a claim is open or the producer closed
   * @throws RSocketError ERR_FLYSOCKET_RING_CORRUPT if the head is where it cannot be
   */
  tryClaim(msgTypeId: number, length: number): number {
    if (this.#claimIndex !== NO_CLAIM) throw this.#wrongClaim('claim');
    if (!(msgTypeId >= MIN_MSG_TYPE_ID) || !(length >= 0 && length <= this.maxMsgLength)) {
      throw wrongMessage(this.label, msgTypeId, length, this.maxMsgLength);
    }
    const buffer = this.buffer;
    const capacity = this.capacity;
    const tail = this.#tail;
    const recordLength = (length + RECORD_HEADER_LENGTH) | 0;
    const alignedLength = (recordLength + (RECORD_ALIGNMENT - 1)) & -RECORD_ALIGNMENT;
    let index = tail & this.#mask;
    const toEnd = (capacity - index) | 0;
    const padding = alignedLength > toEnd ? toEnd : 0;
    const required = (alignedLength + padding) | 0;

    const usedAtMost = (tail - this.#headSeen) | 0;
    if (required > ((capacity - usedAtMost) | 0)) {
      const head = buffer.getInt32Acquire(this.headIndex);
      const used = (tail - head) | 0;
      if (used > usedAtMost || used < ((tail - this.#publishedTail) | 0) || (head & (RECORD_ALIGNMENT - 1)) !== 0) {
        throw corruptPositions(this.label, tail, head, capacity);
      }
      this.#headSeen = head;
      if (required > ((capacity - used) | 0)) {
        if (COUNTERS_ENABLED) this.#producerCounters?.add(RingProducerCounter.REFUSED_CLAIMS, 1);
        return INSUFFICIENT_CAPACITY;
      }
    }
    if (padding !== 0) {
      if (COUNTERS_ENABLED) this.#batchPadding += padding;
      buffer.putInt32Native(index + LENGTH_FIELD_OFFSET, padding);
      buffer.putInt32Native(index + TYPE_FIELD_OFFSET, PADDING_MSG_TYPE_ID);
      index = 0;
    }
    buffer.putInt32Native(index + LENGTH_FIELD_OFFSET, recordLength);
    buffer.putInt32Native(index + TYPE_FIELD_OFFSET, msgTypeId);
    const claimIndex = (index + RECORD_HEADER_LENGTH) | 0;
    this.#claimIndex = claimIndex;
    this.#claimTail = (tail + required) | 0;
    return claimIndex;
  }

  /**
   * Makes the claimed message part of the batch, and publishes the batch if it has reached capacity / 8.
   * @throws RSocketError ERR_FLYSOCKET_RING_CLAIM if `index` is not that of the open claim
   */
  commit(index: number): void {
    if (index !== this.#claimIndex || index < 0) throw this.#wrongClaim('commit', index);
    const tail = this.#claimTail;
    this.#claimIndex = NO_CLAIM;
    this.#tail = tail;
    if (((tail - this.#publishedTail) | 0) >= this.#batchLength) this.#publish();
  }

  /**
   * Gives the claim back as if it had not been: the tail never saw it, so there is nothing to write.
   * @throws RSocketError ERR_FLYSOCKET_RING_CLAIM if `index` is not that of the open claim
   */
  abort(index: number): void {
    if (index !== this.#claimIndex || index < 0) throw this.#wrongClaim('abort', index);
    this.#claimIndex = NO_CLAIM;
    if (COUNTERS_ENABLED) {
      // A claim at the ring's start may have come with padding: all that is left of the ring behind the tail.
      if (index === RECORD_HEADER_LENGTH) this.#batchPadding -= -this.#tail & this.#mask;
      this.#producerCounters?.add(RingProducerCounter.ABORTS, 1);
    }
  }

  /**
   * Publishes what is committed; an open claim stays open.
   * @returns whether anything was published since the last call, by `commit` too: the consumer may have to be woken
   */
  flush(): boolean {
    if (this.#tail !== this.#publishedTail) this.#publish();
    const published = this.#publishedSinceFlush;
    this.#publishedSinceFlush = false;
    return published;
  }

  /**
   * Claims, copies and commits. The copy is `DirectBuffer.putBuffer` or `putBytes`, which say what allocates; the
   * message starts on an 8-byte boundary, so a source that does too is copied fast.
   * @returns false if the ring has no room; nothing is written then
   * @throws RSocketError as `tryClaim`; ERR_FLYSOCKET_OUT_OF_BOUNDS if the bytes do not lie within `source`
   */
  write(msgTypeId: number, source: Uint8Array | DirectBuffer, offset: number, length: number): boolean {
    const isDirect = source instanceof DirectBuffer;
    const index = this.tryClaim(msgTypeId, length);
    if (index < 0) return false;
    try {
      if (isDirect) this.buffer.putBuffer(index, source, offset, length);
      else this.buffer.putBytes(index, source, offset, length);
    } catch (error) {
      this.abort(index);
      throw error;
    }
    this.commit(index);
    return true;
  }

  /**
   * Rolls an open claim back, publishes what is committed, and says that nothing more will come: wake the consumer
   * after it. Closing twice is nothing.
   */
  closeProducer(): void {
    if (this.#claimIndex === PRODUCER_CLOSED) return;
    this.#claimIndex = PRODUCER_CLOSED;
    this.flush();
    this.buffer.putInt32Release(this.capacity + PRODUCER_STATE_OFFSET, RING_CLOSED);
  }

  /**
   * Hands the published messages to `handler`, in order, where they lie; then gives their space back to the producer.
   * If `handler` throws, the message it got counts as consumed and the error passes through.
   * @param limit most messages to read
   * @param byteLimit stops after the record that reaches it, headers counted
   * @returns the number of messages read
   * @throws RSocketError ERR_FLYSOCKET_RING_CORRUPT if tail or a record is not what a producer writes: read no further
   * @throws RSocketError ERR_FLYSOCKET_RING_REENTRANT if called from within a handler
   */
  read(handler: MessageHandler, limit: number = NO_LIMIT, byteLimit: number = NO_LIMIT): number {
    return this.#drain(handler, false, limit, byteLimit);
  }

  /**
   * As `read`, but `handler` decides after each message, by `ControlledAction`, whether it is consumed and whether to
   * go on. If it throws, the message counts as consumed.
   * @returns the number of messages consumed
   */
  controlledRead(handler: ControlledMessageHandler, limit: number = NO_LIMIT, byteLimit: number = NO_LIMIT): number {
    return this.#drain(handler, true, limit, byteLimit);
  }

  /** Says that this end reads no more. */
  closeConsumer(): void {
    this.buffer.putInt32Release(this.capacity + CONSUMER_STATE_OFFSET, RING_CLOSED);
  }

  #publish(): void {
    const tail = this.#tail;
    const published = (tail - this.#publishedTail) | 0;
    this.#publishedTail = tail;
    this.#publishedSinceFlush = true;
    this.buffer.putInt32Release(this.tailIndex, tail);
    if (COUNTERS_ENABLED) {
      const counters = this.#producerCounters;
      if (counters !== undefined) {
        countBatch(counters, this.#batchPadding, published);
      }
      this.#batchPadding = 0;
    }
  }

  /** The bytes to read: all that was published before this. */
  #beginRead(): number {
    if (this.#isReading) throw reentrantRead(this.label);
    const head = this.#head;
    const tail = this.buffer.getInt32Acquire(this.tailIndex);
    const available = (tail - head) | 0;
    if (available === 0) return 0;
    if (available < 0 || available > this.capacity || (tail & (RECORD_ALIGNMENT - 1)) !== 0) {
      throw corruptPositions(this.label, tail, head, this.capacity);
    }
    this.#isReading = true;
    return available;
  }

  #drain(
    handler: MessageHandler | ControlledMessageHandler,
    isControlled: boolean,
    limit: number,
    byteLimit: number,
  ): number {
    const available = this.#beginRead();
    if (available === 0) return 0;
    const buffer = this.buffer;
    const mask = this.#mask;
    const headIndex = this.headIndex;
    const headInterval = this.#headInterval;
    let stop = Math.min(byteLimit, available);
    const start = this.#head;
    let consumed = 0;
    let publishAt = headInterval;
    let messages = 0;
    let padding = 0;
    try {
      while (consumed < stop && messages < limit) {
        const index = (start + consumed) & mask;
        const length = buffer.getInt32Native(index + LENGTH_FIELD_OFFSET);
        const msgTypeId = buffer.getInt32Native(index + TYPE_FIELD_OFFSET);
        this.#checkRecord(index, length, msgTypeId, (available - consumed) | 0);
        const alignedLength = (length + (RECORD_ALIGNMENT - 1)) & -RECORD_ALIGNMENT;
        consumed = (consumed + alignedLength) | 0;
        if (msgTypeId === PADDING_MSG_TYPE_ID) {
          padding = (padding + length) | 0;
          stop = Math.min(stop + length, available);
          continue;
        }
        const messageLength = (length - RECORD_HEADER_LENGTH) | 0;
        messages++;
        const action = handler(msgTypeId, buffer, index + RECORD_HEADER_LENGTH, messageLength);
        if (isControlled && action !== ControlledAction.CONTINUE) {
          if (action === ControlledAction.COMMIT) {
            publishAt = consumed;
          } else {
            if (action === ControlledAction.ABORT) {
              messages--;
              consumed = (consumed - alignedLength) | 0;
            }
            break;
          }
        }
        if (consumed >= publishAt) {
          buffer.putInt32Release(headIndex, (start + consumed) | 0);
          publishAt = (consumed + headInterval) | 0;
        }
      }
    } finally {
      this.#endRead(available, consumed, messages, padding);
    }
    return messages;
  }

  #endRead(available: number, consumed: number, messages: number, padding: number): void {
    this.#isReading = false;
    if (consumed === 0) return;
    const head = (this.#head + consumed) | 0;
    this.#head = head;
    this.buffer.putInt32Release(this.headIndex, head);
    if (COUNTERS_ENABLED) {
      const counters = this.#consumerCounters;
      if (counters !== undefined) countDrain(counters, messages, padding, consumed, consumed < available);
    }
  }

  /** Throws unless a producer could have written this header here. It may change after: what was checked is used. */
  #checkRecord(index: number, length: number, msgTypeId: number, available: number): void {
    const toEnd = (this.capacity - index) | 0;
    if (
      length >= RECORD_HEADER_LENGTH &&
      length <= available &&
      (msgTypeId >= MIN_MSG_TYPE_ID
        ? length <= toEnd && length <= ((this.maxMsgLength + RECORD_HEADER_LENGTH) | 0)
        : msgTypeId === PADDING_MSG_TYPE_ID && length === toEnd)
    ) {
      return;
    }
    throw corruptRecord(this.label, index, length, msgTypeId, available, this.capacity);
  }

  #wrongClaim(operation: string, index?: number): RSocketError {
    return wrongClaim(this.label, operation, index, this.#claimIndex);
  }
}
