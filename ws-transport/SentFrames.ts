/**
 * The way out of a connection that frames its messages itself: they lie side by side, with their headers, in a pooled
 * slab, and all that was committed in a turn of the event loop leaves in one write.
 *
 *   filling   | header, frame | header, frame | open claim |       | reserve |       the sender's
 *   flying    | header, frame | ...                                                 the socket's, until its callback
 *
 * A slab that the kernel has taken at once, which is the rule, is filled again from its start. While one is flying the
 * next is filled; when that is full too, there is no room. The reserve is for a Pong and a Close. A connection that
 * has nothing to send holds no memory.
 */
import type { Duplex } from 'node:stream';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { type DirectBuffer, EMPTY_BUFFER } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';
import {
  BINARY,
  CLOSE,
  FIN_BIT,
  LENGTH_IS_16_BITS,
  LENGTH_IS_64_BITS,
  LONGEST_CONTROL_PAYLOAD,
  LONGEST_HEADER,
  MASK_BIT,
  MASK_LENGTH,
  PONG,
} from './FrameHeaderDescriptor.ts';
import { maskBytes } from './maskBytes.ts';
import { nextMaskKey } from './nextMaskKey.ts';

/** Bytes of a connection's first slab; twice as many each time that one has been too short. */
export const MIN_SLAB_LENGTH = 4_096;
/** Bytes that leave in one write at most, and that wait in the connection while the socket is busy. */
export const MAX_SLAB_LENGTH = 65_536;
const RESERVE = 2 * (LONGEST_HEADER + LONGEST_CONTROL_PAYLOAD);

/** What a connection hands on to it. */
interface SentFramesOptions {
  readonly pool: BufferPool;
  /** True for a client. */
  readonly masked: boolean;
  /** From so many bytes in one turn on, there is no room before the next. */
  readonly highWaterBytes: number;
  readonly counters: CounterBlock | undefined;
  /** Called when the socket has taken what had to wait. */
  readonly onDrained: () => void;
}

export class SentFrames {
  /** Memory of the slab that is being filled. */
  buffer: DirectBuffer;
  /** The pool had no memory when a place was asked for the last time. */
  poolIsEmpty: boolean;
  readonly #socket: Duplex;
  readonly #pool: BufferPool;
  readonly #masked: boolean;
  readonly #highWaterBytes: number;
  readonly #counters: CounterBlock | undefined;
  readonly #onDrained: () => void;
  readonly #onWritten: () => void;
  #slabLength: number;
  #filling: PooledBuffer | null;
  #filled: number;
  #flying: PooledBuffer | null;
  /** Bytes that were handed over in this turn. */
  #turnBytes: number;
  #writes: number;
  #written: number;
  #framesCommitted: number;
  #bytesCommitted: number;
  readonly #pong: Uint8Array;
  #pongLength: number;

  constructor(socket: Duplex, options: SentFramesOptions) {
    const { pool, masked, highWaterBytes, counters, onDrained } = options;
    this.buffer = EMPTY_BUFFER;
    this.poolIsEmpty = false;
    this.#socket = socket;
    this.#pool = pool;
    this.#masked = masked;
    this.#highWaterBytes = highWaterBytes;
    this.#counters = counters;
    this.#onDrained = onDrained;
    this.#onWritten = () => this.#countWritten();
    this.#slabLength = MIN_SLAB_LENGTH;
    this.#filling = null;
    this.#filled = 0;
    this.#flying = null;
    this.#turnBytes = 0;
    this.#writes = 0;
    this.#written = 0;
    this.#framesCommitted = 0;
    this.#bytesCommitted = 0;
    this.#pong = new Uint8Array(LONGEST_CONTROL_PAYLOAD);
    this.#pongLength = -1;
  }

  /** The socket is still busy with a slab. */
  get isFlying(): boolean {
    return this.#flying !== null;
  }

  /** All that was committed is the kernel's. */
  get isEmpty(): boolean {
    return this.#flying === null && this.#filling === null;
  }

  /** Finds room for a frame and its header. @returns the index of the frame in `buffer`, or -1 */
  place(length: number): number {
    const headerLength = this.#headerLength(length);
    const needed = headerLength + length + RESERVE;
    this.poolIsEmpty = false;
    if (this.#turnBytes + this.#filled >= this.#highWaterBytes) return -1;
    if (this.#filling !== null && this.#filled + needed > this.#filling.capacity) {
      if (this.#flying !== null) return -1;
      this.#slabLength = Math.min(this.#slabLength * 2, MAX_SLAB_LENGTH);
      this.flush();
    }
    const slab = this.#filling ?? this.#open(needed);
    return slab === null ? -1 : slab.offset + this.#filled + headerLength;
  }

  /** The frame at `index` is written: it goes with the next flush. */
  commit(index: number, length: number): void {
    const slab = this.#filling as PooledBuffer;
    this.#seal(slab.offset + this.#filled, index, length, BINARY);
    this.#filled = index + length - slab.offset;
    this.#framesCommitted++;
    this.#bytesCommitted += length;
  }

  /** Others have had their turn: there is room again, unless the socket is busy. */
  beginTurn(): void {
    this.#turnBytes = 0;
  }

  /** Hands over what was committed, in one write. Does nothing while the socket is busy. */
  flush(): void {
    if (this.#flying !== null) return;
    if (this.#pongLength >= 0) this.#placePong();
    const slab = this.#filling;
    if (slab === null) return;
    const filled = this.#filled;
    this.#filled = 0;
    this.#filling = null;
    if (filled === 0) {
      slab.release();
      return;
    }
    this.#flying = slab;
    this.#turnBytes += filled;
    if (this.#counters !== undefined) this.#count(this.#counters);
    this.#writes++;
    this.#socket.write(slab.buffer.bytes.subarray(slab.offset, slab.offset + filled), this.#onWritten);
    if (this.#socket.writableLength === 0) this.#land();
  }

  /** The next flush answers a Ping; of several only the last one, as is allowed (RFC 6455, 5.5.3). */
  pong(buffer: DirectBuffer, offset: number, length: number): void {
    for (let i = 0; i < length; i++) this.#pong[i] = buffer.getUint8(offset + i);
    this.#pongLength = length;
  }

  /** Puts a Close behind all that was committed. @returns false if the pool has no memory for it */
  close(code: number, reason: string): boolean {
    const slab = this.#filling ?? this.#open(RESERVE);
    if (slab === null) return false;
    const start = slab.offset + this.#filled;
    const index = start + this.#headerLength(0);
    const length = 2 + Math.min(reason.length, LONGEST_CONTROL_PAYLOAD - 2);
    slab.buffer.putUint16(index, code);
    slab.buffer.putUtf8(index + 2, reason.slice(0, length - 2));
    this.#seal(start, index, length, CLOSE);
    this.#filled = index + length - slab.offset;
    return true;
  }

  /** Gives all memory back: the socket is gone. */
  release(): void {
    this.#pongLength = -1;
    this.#filled = 0;
    this.#filling?.release();
    this.#filling = null;
    this.#land();
  }

  #open(needed: number): PooledBuffer | null {
    const slab = this.#pool.tryAcquire(Math.max(this.#slabLength, needed));
    this.poolIsEmpty = slab === null;
    if (slab === null) return null;
    this.#filling = slab;
    this.#filled = 0;
    this.buffer = slab.buffer;
    return slab;
  }

  #placePong(): void {
    const slab = this.#filling ?? this.#open(RESERVE);
    if (slab === null) return;
    const length = this.#pongLength;
    this.#pongLength = -1;
    const start = slab.offset + this.#filled;
    const index = start + this.#headerLength(length);
    for (let i = 0; i < length; i++) slab.buffer.putUint8(index + i, this.#pong[i] as number);
    this.#seal(start, index, length, PONG);
    this.#filled = index + length - slab.offset;
  }

  #headerLength(length: number): number {
    const plain = length < LENGTH_IS_16_BITS ? 2 : length < 0x1_0000 ? 4 : 10;
    return this.#masked ? plain + MASK_LENGTH : plain;
  }

  /** Writes the header between `start` and `index`, and masks the payload. */
  #seal(start: number, index: number, length: number, opcode: number): void {
    const { view } = this.buffer;
    const maskBit = this.#masked ? MASK_BIT : 0;
    view.setUint8(start, FIN_BIT | opcode);
    if (length < LENGTH_IS_16_BITS) {
      view.setUint8(start + 1, maskBit | length);
    } else if (length < 0x1_0000) {
      view.setUint8(start + 1, maskBit | LENGTH_IS_16_BITS);
      view.setUint16(start + 2, length);
    } else {
      view.setUint8(start + 1, maskBit | LENGTH_IS_64_BITS);
      view.setInt32(start + 2, 0);
      view.setInt32(start + 6, length);
    }
    if (!this.#masked) return;
    const key = nextMaskKey();
    view.setInt32(index - MASK_LENGTH, key);
    maskBytes(view, index, length, key);
  }

  #count(counters: CounterBlock): void {
    counters.add(LinkCounter.FRAMES_SENT, this.#framesCommitted);
    counters.add(LinkCounter.BYTES_SENT, this.#bytesCommitted);
    counters.add(LinkCounter.FLUSHES, 1);
    this.#framesCommitted = 0;
    this.#bytesCommitted = 0;
  }

  #land(): void {
    this.#flying?.release();
    this.#flying = null;
  }

  /** Callbacks come in the order of the writes: the last one tells that the slab which flies has landed. */
  #countWritten(): void {
    this.#written++;
    if (this.#flying === null || this.#written !== this.#writes) return;
    this.#land();
    this.#onDrained();
  }
}
