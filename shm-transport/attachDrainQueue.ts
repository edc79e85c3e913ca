import { type DirectBuffer, RSocketError } from '../flyweight/index.ts';
import { RING_ATTACH_TIMEOUT_MS } from './attachRing.ts';
import {
  DRAIN_QUEUE_INITIALISING,
  DRAIN_QUEUE_MAGIC,
  ENTRIES_SHIFT,
  MAX_QUEUE_CAPACITY,
  MIN_QUEUE_CAPACITY,
  QUEUE_HEAD_CACHE_OFFSET,
  QUEUE_HEAD_OFFSET,
  QUEUE_STATE_OFFSET,
  QUEUE_TAIL_OFFSET,
  QUEUE_TRAILER_LENGTH,
} from './DrainQueueDescriptor.ts';

/**
 * Makes the trailer at `offset` of `control` ready: initialises it in zeroed memory, and checks it otherwise. Any
 * number of threads may call it at once: a compare-and-set decides who initialises, the others spin until it is done.
 * @throws RSocketError ERR_FLYSOCKET_RING_MAGIC if the memory holds something else
 * @throws RSocketError ERR_FLYSOCKET_RING_ATTACH_TIMEOUT if the initialising thread does not finish: it died
 */
export function attachDrainQueue(
  control: DirectBuffer,
  offset: number,
  initialPosition: number,
  positionMask: number,
): void {
  const stateIndex = offset + QUEUE_STATE_OFFSET;
  if (control.compareAndSetInt32(stateIndex, 0, DRAIN_QUEUE_INITIALISING)) {
    control.putInt32Release(offset + QUEUE_TAIL_OFFSET, initialPosition);
    control.putInt32Release(offset + QUEUE_HEAD_CACHE_OFFSET, initialPosition);
    control.putInt32Release(offset + QUEUE_HEAD_OFFSET, initialPosition & positionMask);
    control.putInt32Release(stateIndex, DRAIN_QUEUE_MAGIC);
    return;
  }
  const deadline = Date.now() + RING_ATTACH_TIMEOUT_MS;
  let state = control.getInt32Acquire(stateIndex);
  while (state === DRAIN_QUEUE_INITIALISING && Date.now() < deadline) state = control.getInt32Acquire(stateIndex);
  if (state === DRAIN_QUEUE_INITIALISING) {
    throw new RSocketError(
      'ERR_FLYSOCKET_RING_ATTACH_TIMEOUT',
      `drain queue not initialised by another thread within ${RING_ATTACH_TIMEOUT_MS} ms`,
    );
  }
  if (state !== DRAIN_QUEUE_MAGIC) {
    throw new RSocketError(
      'ERR_FLYSOCKET_RING_MAGIC',
      `drain queue magic is ${state}, expected ${DRAIN_QUEUE_MAGIC}: other memory, or another version`,
    );
  }
}

/** Bytes of shared memory that a drain queue takes. */
export function drainQueueLengthFor(capacity: number): number {
  if (capacity < MIN_QUEUE_CAPACITY || capacity > MAX_QUEUE_CAPACITY || (capacity & (capacity - 1)) !== 0) {
    throw new RSocketError(
      'ERR_FLYSOCKET_RING_CAPACITY',
      `drain queue: no power of two from ${MIN_QUEUE_CAPACITY} to ${MAX_QUEUE_CAPACITY}: capacity=${capacity}`,
    );
  }
  return capacity + (capacity >>> ENTRIES_SHIFT) + QUEUE_TRAILER_LENGTH;
}

/** The data capacity of a drain queue in `byteLength` bytes of memory. */
export function drainQueueCapacityOf(byteLength: number): number {
  const capacity = ((byteLength - QUEUE_TRAILER_LENGTH) / 9) * 8;
  drainQueueLengthFor(capacity);
  return capacity;
}
