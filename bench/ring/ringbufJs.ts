/** What the benches use of ringbuf.js 0.4.0: a ring of bytes, without messages. */
export interface RingbufJs {
  readonly RingBuffer: {
    new (memory: SharedArrayBuffer, type: typeof Uint8Array): RingbufJsRing;
    getStorageForCapacity(capacity: number, type: typeof Uint8Array): SharedArrayBuffer;
  };
}

export interface RingbufJsRing {
  /** @returns the number of bytes written, which may be less than asked for */
  push(elements: Uint8Array, length: number): number;
  /** @returns the number of bytes read, which may be less than asked for */
  pop(elements: Uint8Array, length: number): number;
  availableWrite(): number;
  availableRead(): number;
}
