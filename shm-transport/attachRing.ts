import { type DirectBuffer, RSocketError } from '../flyweight/index.ts';
import {
  CAPACITY_OFFSET,
  HEAD_OFFSET,
  MAX_CAPACITY,
  MIN_CAPACITY,
  RING_INITIALISING,
  RING_MAGIC,
  RING_VERSION,
  STATE_OFFSET,
  TAIL_OFFSET,
  VERSION_OFFSET,
} from './RingBufferDescriptor.ts';

/** How long an end waits for the other one to finish initialising the same memory, in milliseconds. */
export const RING_ATTACH_TIMEOUT_MS = 1_000;

/**
 * Makes the trailer at `capacity` ready: initialises it in zeroed memory, checks it otherwise. Both ends may come at
 * once: a compare-and-set on the state decides who initialises, and the other one spins.
 * @throws RSocketError ERR_FLYSOCKET_RING_MAGIC, ERR_FLYSOCKET_RING_VERSION, ERR_FLYSOCKET_RING_CAPACITY if it is no
 *   ring of this size; ERR_FLYSOCKET_RING_ATTACH_TIMEOUT if the end that initialises does not finish: it died
 */
export function attachRing(buffer: DirectBuffer, capacity: number, initialPosition: number): void {
  const stateIndex = capacity + STATE_OFFSET;
  if (buffer.compareAndSetInt32(stateIndex, 0, RING_INITIALISING)) {
    buffer.putInt32Release(capacity + VERSION_OFFSET, RING_VERSION);
    buffer.putInt32Release(capacity + CAPACITY_OFFSET, capacity);
    buffer.putInt32Release(capacity + TAIL_OFFSET, initialPosition);
    buffer.putInt32Release(capacity + HEAD_OFFSET, initialPosition);
    buffer.putInt32Release(stateIndex, RING_MAGIC);
    return;
  }
  const deadline = Date.now() + RING_ATTACH_TIMEOUT_MS;
  let state = buffer.getInt32Acquire(stateIndex);
  while (state === RING_INITIALISING && Date.now() < deadline) state = buffer.getInt32Acquire(stateIndex);
  if (state === RING_INITIALISING) {
    throw new RSocketError(
      'ERR_FLYSOCKET_RING_ATTACH_TIMEOUT',
      `ring not initialised by the other end within ${RING_ATTACH_TIMEOUT_MS} ms`,
    );
  }
  expect(state, RING_MAGIC, 'ERR_FLYSOCKET_RING_MAGIC', 'magic');
  expect(buffer.getInt32Acquire(capacity + VERSION_OFFSET), RING_VERSION, 'ERR_FLYSOCKET_RING_VERSION', 'version');
  expect(buffer.getInt32Acquire(capacity + CAPACITY_OFFSET), capacity, 'ERR_FLYSOCKET_RING_CAPACITY', 'capacity');
}

function expect(actual: number, expected: number, code: string, name: string): void {
  if (actual !== expected) throw new RSocketError(code, `ring ${name} is ${actual}, expected ${expected}`);
}

/** @throws RSocketError ERR_FLYSOCKET_RING_CAPACITY unless it is a power of two within the bounds */
export function checkCapacity(capacity: number): number {
  if (capacity >= MIN_CAPACITY && capacity <= MAX_CAPACITY && (capacity & -capacity) === capacity) return capacity;
  throw new RSocketError(
    'ERR_FLYSOCKET_RING_CAPACITY',
    `ring capacity must be a power of two: capacity=${capacity}, least=${MIN_CAPACITY}, largest=${MAX_CAPACITY}`,
  );
}
