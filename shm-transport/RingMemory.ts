/**
 * The shared memory of a ring, and what any thread may ask of it: where both ends are and whether they closed. Making
 * one attaches to the ring that is there, or initialises zeroed memory. What the words mean: RingBufferDescriptor.
 */
import { DirectBuffer } from '../flyweight/index.ts';
import { attachRing, checkCapacity } from './attachRing.ts';
import { RECORD_ALIGNMENT } from './RecordDescriptor.ts';
import {
  CONSUMER_STATE_OFFSET,
  HEAD_OFFSET,
  PRODUCER_STATE_OFFSET,
  RING_CLOSED,
  TAIL_OFFSET,
  TRAILER_LENGTH,
} from './RingBufferDescriptor.ts';
import { corruptPositions } from './ringErrors.ts';

const SIZE_ATTEMPTS = 8;

export class RingMemory {
  /** The whole shared memory: the data region at index 0, the trailer at `capacity`. */
  readonly buffer: DirectBuffer;
  /** Of the data region, in bytes. */
  readonly capacity: number;
  /** Named in error messages. */
  readonly label: string;
  protected readonly tailIndex: number;
  protected readonly headIndex: number;

  /** Bytes of shared memory that a ring with this data capacity, a power of two from 64 to 2^30, takes. */
  static lengthFor(capacity: number): number {
    return checkCapacity(capacity) + TRAILER_LENGTH;
  }

  /**
   * @param sharedArrayBuffer of `lengthFor(capacity)` bytes
   * @param initialPosition where tail and head start if this end initialises, a multiple of 8
   * @throws RSocketError ERR_FLYSOCKET_RING_CAPACITY, ERR_FLYSOCKET_RING_MAGIC, ERR_FLYSOCKET_RING_VERSION,
   *   ERR_FLYSOCKET_RING_CORRUPT if it is no ring of this size; ERR_FLYSOCKET_RING_ATTACH_TIMEOUT if the end that
   *   initialises does not finish: it died
   */
  constructor(sharedArrayBuffer: SharedArrayBuffer, initialPosition: number, label: string) {
    const capacity = checkCapacity(sharedArrayBuffer.byteLength - TRAILER_LENGTH);
    this.buffer = new DirectBuffer(sharedArrayBuffer);
    this.capacity = capacity;
    this.label = label;
    this.tailIndex = capacity + TAIL_OFFSET;
    this.headIndex = capacity + HEAD_OFFSET;
    attachRing(this.buffer, capacity, initialPosition);
    // Head first: between the two loads the tail can only move away from it.
    const head = this.consumerPosition();
    const tail = this.producerPosition();
    if (((head | tail) & (RECORD_ALIGNMENT - 1)) !== 0) throw corruptPositions(label, tail, head, capacity);
  }

  /** The end of what is published; free-running, wraps at 32 bits. */
  producerPosition(): number {
    return this.buffer.getInt32Acquire(this.tailIndex);
  }

  /** The end of what is consumed and given back; free-running, wraps at 32 bits. */
  consumerPosition(): number {
    return this.buffer.getInt32Acquire(this.headIndex);
  }

  /** Bytes published and not yet given back, 0 to `capacity`, at some moment between call and return. */
  size(): number {
    let head = this.consumerPosition();
    for (let attempt = 0; attempt < SIZE_ATTEMPTS; attempt++) {
      const size = (this.producerPosition() - head) | 0;
      const headAfter = this.consumerPosition();
      if (headAfter === head) return size;
      head = headAfter;
    }
    return Math.min((this.producerPosition() - head) | 0, this.capacity);
  }

  /** Whether the producer has closed. Its last messages were published before: read once more after seeing this. */
  isProducerClosed(): boolean {
    return this.buffer.getInt32Acquire(this.capacity + PRODUCER_STATE_OFFSET) === RING_CLOSED;
  }

  /** Whether the consumer has said that it reads no more. */
  isConsumerClosed(): boolean {
    return this.buffer.getInt32Acquire(this.capacity + CONSUMER_STATE_OFFSET) === RING_CLOSED;
  }
}
