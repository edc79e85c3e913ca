/** Where an application may keep what it sends. */
import { DirectBuffer } from 'flysocket/flyweight';

const SLAB_LENGTH = 1 << 16;

/** One long-lived buffer of the application, with `bytes` at its start. */
export function slabOf(bytes: Uint8Array): DirectBuffer {
  const slab = new DirectBuffer(new ArrayBuffer(SLAB_LENGTH));
  slab.putBytes(0, bytes);
  return slab;
}

/** A Uint8Array of just these bytes, wrapped once. */
export function directBufferOf(bytes: Uint8Array): DirectBuffer {
  return new DirectBuffer(Uint8Array.from(bytes));
}
