/** Nobody notifies it: a wait on it always ends by its timeout. Not every page can make it, so the first call does. */
let privateCell: Int32Array | undefined;

/**
 * Blocks this thread for `periodMicros` microseconds and some 60 more, which Linux adds (measured). Allocates nothing
 * but at the first call. Throws a TypeError where a thread may not block: the main thread of a browser.
 */
export function parkThread(periodMicros: number): void {
  privateCell ??= new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  Atomics.wait(privateCell, 0, 0, periodMicros / 1_000);
}
