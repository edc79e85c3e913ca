/**
 * A view over memory that it does not own: any ArrayBuffer or SharedArrayBuffer, or a part of one.
 *
 * Multi-byte accessors are big-endian, as RSocket is; those whose name says `Native`, `Release`, `Acquire` or
 * `compareAndSet` use the machine's order on 4-byte aligned places and serve control words that never leave the
 * process. Every index is relative to the start of this view, in bytes. Nothing here allocates but the methods
 * whose name begins with `copyOf`, `slice` or `getUtf8`, and bulk copies as said at `putBuffer`.
 *
 * Make one per region of memory (a ring, a slab) and keep it: making one costs four views.
 */
import { copyInts } from './copyInts.ts';
import { copyLongs } from './copyLongs.ts';
import { RSocketError } from './RSocketError.ts';

const SIZE_OF_INT64 = 8;
/** From this many bytes on `set` beats a loop, if all of the source is copied, which needs no new view (measured). */
const WHOLE_COPY_THRESHOLD = 256;
/** Above this many bytes a copy is given a view of the part for `set`. */
const BULK_COPY_THRESHOLD = 4096;
/** Below this many bytes a plain byte loop beats the call of `set` (measured). */
const BYTE_LOOP_THRESHOLD = 12;
/** Bytes that one unit of a string takes in UTF-8, at most. */
const MAX_UTF8_BYTES_PER_UNIT = 3;
const TWO_TO_THE_32 = 0x1_0000_0000;

const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder();

export class DirectBuffer {
  /** The memory below, whole. */
  readonly buffer: ArrayBufferLike;
  /** Where this view starts in `buffer`, in bytes. */
  readonly byteOffset: number;
  /** Length of this view in bytes. */
  readonly capacity: number;
  /** This view as bytes. */
  readonly bytes: Uint8Array;
  /** This view as a DataView. */
  readonly view: DataView;
  /** The whole memory below as 8-byte words, for copies. */
  readonly #longs: BigInt64Array;
  /** This view as 4-byte words, for control words; empty where the view does not start on a 4-byte boundary. */
  readonly #ints: Int32Array;
  readonly #shared: boolean;

  /**
   * @param source the memory; a typed array stands for the part of its buffer that it covers
   * @throws RSocketError ERR_FLYSOCKET_OUT_OF_BOUNDS if offset and length do not lie within `source`
   */
  constructor(
    source: ArrayBufferLike | ArrayBufferView,
    byteOffset = 0,
    length: number = source.byteLength - byteOffset,
  ) {
    if (byteOffset < 0 || length < 0 || byteOffset + length > source.byteLength) {
      throw outOfBounds(byteOffset, length, source.byteLength);
    }
    const memory = ArrayBuffer.isView(source) ? source.buffer : source;
    const start = (ArrayBuffer.isView(source) ? source.byteOffset : 0) + byteOffset;
    this.buffer = memory;
    this.byteOffset = start;
    this.capacity = length;
    this.bytes = new Uint8Array(memory, start, length);
    this.view = new DataView(memory, start, length);
    this.#longs = new BigInt64Array(memory, 0, Math.floor(memory.byteLength / SIZE_OF_INT64));
    this.#ints = start % 4 === 0 ? new Int32Array(memory, start, length >>> 2) : new Int32Array(0);
    this.#shared = typeof SharedArrayBuffer !== 'undefined' && memory instanceof SharedArrayBuffer;
  }

  getUint8(index: number): number {
    return this.view.getUint8(index);
  }

  putUint8(index: number, value: number): void {
    this.view.setUint8(index, value);
  }

  getUint16(index: number): number {
    return this.view.getUint16(index);
  }

  putUint16(index: number, value: number): void {
    this.view.setUint16(index, value);
  }

  getUint24(index: number): number {
    return (this.view.getUint8(index) << 16) | this.view.getUint16(index + 1);
  }

  putUint24(index: number, value: number): void {
    this.view.setUint8(index, value >>> 16);
    this.view.setUint16(index + 1, value);
  }

  getInt32(index: number): number {
    return this.view.getInt32(index);
  }

  putInt32(index: number, value: number): void {
    this.view.setInt32(index, value);
  }

  getUint32(index: number): number {
    return this.view.getUint32(index);
  }

  putUint32(index: number, value: number): void {
    this.view.setUint32(index, value);
  }

  /** An unsigned 64-bit value as a number: exact up to 2^53 - 1, rounded above. No BigInt, so no allocation. */
  getUint64(index: number): number {
    return this.view.getUint32(index) * TWO_TO_THE_32 + this.view.getUint32(index + 4);
  }

  /** @param value an integer from 0 to 2^53 - 1 */
  putUint64(index: number, value: number): void {
    this.view.setUint32(index, Math.floor(value / TWO_TO_THE_32));
    this.view.setUint32(index + 4, value % TWO_TO_THE_32);
  }

  /** Plain read in the machine's byte order; `index` is a multiple of 4. */
  getInt32Native(index: number): number {
    return this.#ints[index >> 2] as number;
  }

  /** Plain write in the machine's byte order; `index` is a multiple of 4. */
  putInt32Native(index: number, value: number): void {
    this.#ints[index >> 2] = value;
  }

  /** Atomics.load: sees what was written before the `putInt32Release` whose value it reads. */
  getInt32Acquire(index: number): number {
    return Atomics.load(this.#ints, index >> 2);
  }

  /** Atomics.store: publishes every plain write before it to whoever reads its value with `getInt32Acquire`. */
  putInt32Release(index: number, value: number): void {
    Atomics.store(this.#ints, index >> 2, value);
  }

  /** Atomics.compareExchange; true if `expected` was there and `value` now is. */
  compareAndSetInt32(index: number, expected: number, value: number): boolean {
    return Atomics.compareExchange(this.#ints, index >> 2, expected, value) === expected;
  }

  /** Atomics.exchange: the value before. */
  getAndSetInt32(index: number, value: number): number {
    return Atomics.exchange(this.#ints, index >> 2, value);
  }

  /** Atomics.add, wrapping at 32 bits: the value before. */
  getAndAddInt32(index: number, delta: number): number {
    return Atomics.add(this.#ints, index >> 2, delta);
  }

  /**
   * Copies `length` bytes of `source` to `index`.
   *
   * A source whose place is congruent with the target's modulo 8 is copied by 8-byte words: V8 copies an incongruent
   * pair into shared memory byte by byte, 340 ns a KiB against 80 (measured). All of a source from 256 bytes up goes
   * by `set`; so does any part beyond 4 KiB, which takes a view of about 100 bytes. Else nothing is allocated.
   * @throws RSocketError ERR_FLYSOCKET_OUT_OF_BOUNDS, and nothing is copied
   */
  putBuffer(index: number, source: DirectBuffer, sourceIndex: number, length: number): void {
    if ((index | length) < 0 || index + length > this.capacity) throw outOfBounds(index, length, this.capacity);
    if (sourceIndex < 0 || sourceIndex + length > source.capacity) {
      throw outOfBounds(sourceIndex, length, source.capacity);
    }
    const target = (this.byteOffset + index) | 0;
    const from = (source.byteOffset + sourceIndex) | 0;
    // The short way of most parts of a frame: whole words on both sides.
    if (((target | from | length) & 7) === 0 && length < WHOLE_COPY_THRESHOLD) {
      copyLongs(this.#longs, target >>> 3, source.#longs, from >>> 3, length >>> 3);
    } else {
      this.#putAny(index, source, sourceIndex, length, target, from);
    }
  }

  #putAny(
    index: number,
    source: DirectBuffer,
    sourceIndex: number,
    length: number,
    target: number,
    from: number,
  ): void {
    // Data that is to be sent from where it lies.
    if (target === from && this.buffer === source.buffer) return;
    const congruent = ((target ^ from) & 7) === 0;
    if (length >= WHOLE_COPY_THRESHOLD && length === source.capacity && (congruent || !this.#shared)) {
      this.bytes.set(source.bytes, index);
    } else if (length > BULK_COPY_THRESHOLD) {
      this.bytes.set(source.bytes.subarray(sourceIndex, sourceIndex + length), index);
    } else if (congruent) {
      this.#putCongruent(index, source, sourceIndex, length, target, from);
    } else {
      copyInts(this.view, index, source.view, sourceIndex, length);
    }
  }

  #putCongruent(
    index: number,
    source: DirectBuffer,
    sourceIndex: number,
    length: number,
    target: number,
    from: number,
  ): void {
    const targetBytes = this.bytes;
    const sourceBytes = source.bytes;
    let done = 0;
    const head = Math.min(length, -target & 7);
    for (; done < head; done++) targetBytes[index + done] = sourceBytes[sourceIndex + done] as number;
    copyLongs(this.#longs, (target + done) >>> 3, source.#longs, (from + done) >>> 3, (length - done) >>> 3);
    for (done += (length - done) & ~7; done < length; done++) {
      targetBytes[index + done] = sourceBytes[sourceIndex + done] as number;
    }
  }

  /**
   * Copies `length` bytes of `source` from `offset` on to `index`. Allocates nothing if that is all of `source` or less
   * than 12 bytes, else one view of about 100 bytes: who copies parts of one array often wraps it in a DirectBuffer.
   * @throws RSocketError ERR_FLYSOCKET_OUT_OF_BOUNDS, and nothing is copied
   */
  putBytes(index: number, source: Uint8Array, offset = 0, length: number = source.length - offset): void {
    if (index < 0 || length < 0 || index + length > this.capacity) throw outOfBounds(index, length, this.capacity);
    if (offset < 0 || offset + length > source.length) throw outOfBounds(offset, length, source.length);
    if (length < BYTE_LOOP_THRESHOLD) {
      const bytes = this.bytes;
      for (let i = 0; i < length; i++) bytes[index + i] = source[offset + i] as number;
    } else if (length === source.length) {
      this.bytes.set(source, index);
    } else {
      this.bytes.set(source.subarray(offset, offset + length), index);
    }
  }

  /** Moves bytes within this view, overlapping or not. */
  copyWithin(index: number, sourceIndex: number, length: number): void {
    this.bytes.copyWithin(index, sourceIndex, sourceIndex + length);
  }

  /**
   * Writes `text` as UTF-8 at `index`, at most up to the end of this view.
   * @returns the number of bytes written
   */
  putUtf8(index: number, text: string): number {
    if (!this.#shared) return encoder.encodeInto(text, this.bytes.subarray(index)).written;
    // Browsers refuse to encode into shared memory, so what fits is copied there.
    const copy = new Uint8Array(Math.max(0, Math.min(text.length * MAX_UTF8_BYTES_PER_UNIT, this.capacity - index)));
    const { written } = encoder.encodeInto(text, copy);
    this.bytes.set(copy.subarray(0, written), index);
    return written;
  }

  /** The UTF-8 text at `index`; malformed bytes become U+FFFD. Allocates the string. */
  getUtf8(index: number, length: number): string {
    // Browsers refuse to decode shared memory, so decode a copy of it.
    return decoder.decode(this.#shared ? this.copyOf(index, length) : this.slice(index, length));
  }

  /** A Uint8Array over the very bytes. Allocates the view. */
  slice(index: number, length: number): Uint8Array {
    return this.bytes.subarray(index, index + length);
  }

  /** A Uint8Array with a copy of the bytes, never shared memory. Allocates. */
  copyOf(index: number, length: number): Uint8Array {
    const copy = new Uint8Array(length);
    copy.set(this.bytes.subarray(index, index + length));
    return copy;
  }
}

function outOfBounds(index: number, length: number, capacity: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_OUT_OF_BOUNDS',
    `out of bounds: index=${index}, length=${length}, capacity=${capacity}`,
  );
}
