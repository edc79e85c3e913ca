import { OneToOneRingBuffer, type RingBufferOptions } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';

export interface Message {
  readonly msgTypeId: number;
  readonly bytes: readonly number[];
}

export function newMemory(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(OneToOneRingBuffer.lengthFor(capacity));
}

export function newRing(capacity: number, options?: RingBufferOptions): OneToOneRingBuffer {
  return new OneToOneRingBuffer(newMemory(capacity), options);
}

/** All bytes of the shared memory: data and control words. */
export function snapshot(ring: OneToOneRingBuffer): Uint8Array {
  return ring.buffer.copyOf(0, ring.buffer.capacity);
}

/** `length` bytes that depend on `seed` and on their place. */
export function pattern(seed: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed * 31 + i * 7 + 1) & 0xff);
}

/** Writes one message of `pattern(seed, length)`; its type is `seed`. */
export function writePattern(ring: OneToOneRingBuffer, seed: number, length: number): boolean {
  return ring.write(seed, pattern(seed, length), 0, length);
}

/** What can be read, copied out. */
export function readAll(ring: OneToOneRingBuffer, limit?: number): Message[] {
  const messages: Message[] = [];
  const count = ring.read((msgTypeId, buffer, index, length) => {
    messages.push({ msgTypeId, bytes: [...buffer.copyOf(index, length)] });
  }, limit);
  assert.is(count, messages.length);
  return messages;
}

export function messageOf(seed: number, length: number): Message {
  return { msgTypeId: seed, bytes: [...pattern(seed, length)] };
}

/** Asserts that `run` throws an RSocketError with this code, whose message names all of `parts`. */
export function throwsCode(run: () => unknown, code: string, ...parts: readonly string[]): void {
  assert.throws(run, (error: Error & { code?: string }) => {
    assert.is(error.code, code, error.stack);
    for (const part of parts) assert.ok(error.message.includes(part), `"${error.message}" lacks "${part}"`);
    return true;
  });
}
