/** What one operation allocates, in bytes, in all the threads that take part. */
export interface Allocation {
  readonly heapBytes: number;
  /** Memory of ArrayBuffers, which lies beside the heap. */
  readonly arrayBufferBytes: number;
}
