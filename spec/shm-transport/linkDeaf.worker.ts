/** Accepts its parent's link, and then keeps its thread busy for longer than anybody waits. */
import { acceptParent } from 'flysocket/shm-transport';

const LONGEST_MS = 5_000;

await acceptParent();
const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
setImmediate(() => Atomics.wait(cell, 0, 0, LONGEST_MS));
