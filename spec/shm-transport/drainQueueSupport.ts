import { RSocketError } from 'flysocket/flyweight';
import { DrainQueue, type DrainQueueOptions } from 'flysocket/shm-transport';

export const CAPACITY: number = 512;
export const UNIT: number = 32;
export const TRAILER_LENGTH: number = 640;
/** Indices of words, for a queue of CAPACITY. */
export const ENTRIES: number = CAPACITY / 4;
export const TRAILER: number = ENTRIES + CAPACITY / 32;
export const TAIL: number = TRAILER + 32;
export const HEAD_CACHE: number = TRAILER + 64;
export const HEAD: number = TRAILER + 96;
/** In the head: the bits that are position, the one that says taken, and one of the fence. */
export const POSITION_MASK: number = (2 * CAPACITY) / UNIT - 1;
export const TAKEN: number = POSITION_MASK + 1;
export const FENCE: number = 2 * TAKEN;

export interface Message {
  readonly type: number;
  readonly bytes: number[];
}

export function memory(capacity: number = CAPACITY): SharedArrayBuffer {
  return new SharedArrayBuffer(DrainQueue.lengthFor(capacity));
}

export function queueOf(options: DrainQueueOptions = {}): DrainQueue {
  return new DrainQueue(memory(), options);
}

export function bytesOf(length: number, first = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => first + i);
}

export function drained(queue: DrainQueue, limit?: number): Message[] {
  const messages: Message[] = [];
  queue.drain((type, buffer, index, length) => {
    messages.push({ type, bytes: [...buffer.copyOf(index, length)] });
  }, limit);
  return messages;
}

export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof RSocketError) return error.code;
    throw error;
  }
  return 'no error';
}

/** All that is in memory, but for the producers' note of where the head was. */
export function contentsOf(shared: SharedArrayBuffer): Int32Array {
  const words = new Int32Array(shared).slice();
  words[HEAD_CACHE] = 0;
  return words;
}

/** A clock that the test moves. */
export function handClock(): { now: number; read: () => number } {
  const clock = { now: 0, read: (): number => clock.now };
  return clock;
}
