/** Collects garbage, twice: what the first pass finalizes (the memory of ArrayBuffers) only the second gives back. */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('the benches need node --expose-gc');
  globalThis.gc();
  globalThis.gc();
}

/** Bytes in use in this thread: its JavaScript heap and the memory of its ArrayBuffers. */
export function bytesInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
