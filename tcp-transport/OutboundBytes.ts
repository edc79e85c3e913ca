/**
 * What leaves by a socket: frames side by side in a slab from the pool, each behind its length, handed over in one
 * write per turn.
 *
 *   slab   | written before | len frame | len frame | len frame | open claim |        |
 *                           ^ from                              ^ end        ^ claimEnd ^ limit
 *
 * A slab begins small and is replaced by a larger one, up to `MAX_SLAB_BYTES`, before it is written in two pieces. It
 * goes back to the pool when the system has taken its bytes; a connection with nothing to say holds none. While the
 * system takes no more, frames gather here instead of becoming many small writes. Frames are contiguous on the wire,
 * so they can't be placed at an alignment.
 */
import type { Socket } from 'node:net';
import { FRAME_LENGTH_SIZE } from '../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { type DirectBuffer, EMPTY_BUFFER, RSocketError } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';
import { BACK_PRESSURED } from '../transport/index.ts';

/** First slab of a connection, and of one that has little to say. */
const MIN_SLAB_BYTES = 4_096;
/** Largest slab, but for a frame that is longer: that one gets what it needs. */
const MAX_SLAB_BYTES = 65_536;
/** A slab of which less than an eighth was used is followed by one of half its length. */
const LITTLE_USED_SHIFT = 3;

export class OutboundBytes {
  /** Where the open claim lies. */
  buffer: DirectBuffer = EMPTY_BUFFER;
  /** Bytes that the socket has and that the system has not taken yet. */
  inFlightBytes = 0;
  readonly #socket: Socket;
  readonly #pool: BufferPool;
  readonly #counters: CounterBlock | undefined;
  readonly #onTaken: () => void;
  #slab: PooledBuffer | undefined = undefined;
  #slabBytes = MIN_SLAB_BYTES;
  #from = 0;
  #end = 0;
  #limit = 0;
  #claim = -1;
  #claimEnd = 0;
  #framesCommitted = 0;

  /** @param onTaken called after the system has taken, or will never take, the bytes of a write */
  constructor(socket: Socket, pool: BufferPool, counters: CounterBlock | undefined, onTaken: () => void) {
    this.#socket = socket;
    this.#pool = pool;
    this.#counters = counters;
    this.#onTaken = onTaken;
  }

  /** Bytes on their way: those in flight, and those that were committed since. */
  get pressure(): number {
    return this.inFlightBytes + this.#end - this.#from;
  }

  /** Bytes that were committed and that the socket does not have yet. */
  get unsentBytes(): number {
    return this.#end - this.#from;
  }

  /** True if nothing is unsent and no memory is held for what is to come. */
  get isIdle(): boolean {
    return this.#slab === undefined;
  }

  /**
   * Opens a claim for a frame of `length` bytes, with its length before it.
   * @returns its index in `buffer`, or `BACK_PRESSURED` if `pressure` is `highWaterBytes` or the pool is exhausted
   * @throws RSocketError ERR_FLYSOCKET_CLAIM_OPEN
   */
  claim(length: number, highWaterBytes: number): number {
    if (this.#claim >= 0) throw new RSocketError('ERR_FLYSOCKET_CLAIM_OPEN', 'a claim is already open');
    if (this.inFlightBytes + this.#end - this.#from >= highWaterBytes) return BACK_PRESSURED;
    if (this.#end + FRAME_LENGTH_SIZE + length > this.#limit && !this.#makeRoom(FRAME_LENGTH_SIZE + length))
      return BACK_PRESSURED;
    const start = this.#end;
    const index = start + FRAME_LENGTH_SIZE;
    this.buffer.putUint24(start, length);
    this.#claim = index;
    this.#claimEnd = index + length;
    return index;
  }

  /** @throws RSocketError ERR_FLYSOCKET_NO_CLAIM */
  commit(index: number): void {
    if (index !== this.#claim || index < 0) throw this.#noClaim(index);
    this.#claim = -1;
    this.#end = this.#claimEnd;
    this.#framesCommitted++;
  }

  /** @throws RSocketError ERR_FLYSOCKET_NO_CLAIM */
  abort(index: number): void {
    if (index !== this.#claim || index < 0) throw this.#noClaim(index);
    this.#claim = -1;
  }

  /** Takes the open claim back, if there is one: the connection ends. */
  dropClaim(): void {
    this.#claim = -1;
  }

  /**
   * Hands what was committed to the socket, unless that has not got rid of the last yet, in which case it is to be
   * called again from `onTaken`. Lets go of a slab that nobody needs.
   */
  flush(): void {
    if (this.#end !== this.#from) {
      if (this.inFlightBytes === 0) this.#write();
    } else if (this.#claim < 0 && this.#slab !== undefined) {
      this.#slab.release();
      this.#forgetSlab();
    }
  }

  /** As `flush`, whatever the socket still has. */
  flushAll(): void {
    if (this.#end !== this.#from) this.#write();
    this.flush();
  }

  /** Makes the slab's unused part `length` bytes long, or longer. @returns false if the pool is exhausted */
  #makeRoom(length: number): boolean {
    if (this.#slab !== undefined && this.unsentBytes > 0 && this.unsentBytes + length > MAX_SLAB_BYTES) this.#write();
    const needed = this.unsentBytes + length;
    let slabBytes = this.#slabBytes;
    if (this.#slab !== undefined) slabBytes *= 2;
    while (slabBytes < needed) slabBytes *= 2;
    slabBytes = Math.min(slabBytes, MAX_SLAB_BYTES);
    const larger = this.#pool.tryAcquire(Math.max(slabBytes, needed));
    if (larger === null) return false;
    this.#slabBytes = slabBytes;
    const slab = this.#slab;
    const unsent = this.unsentBytes;
    if (slab !== undefined) {
      larger.buffer.putBuffer(larger.offset, slab.buffer, this.#from, unsent);
      slab.release();
    }
    this.#slab = larger;
    this.buffer = larger.buffer;
    this.#from = larger.offset;
    this.#end = larger.offset + unsent;
    this.#limit = larger.offset + larger.capacity;
    return true;
  }

  #write(): void {
    const slab = this.#slab as PooledBuffer;
    const length = this.#end - this.#from;
    const bytes = slab.buffer.slice(this.#from, length);
    if (length < this.#slabBytes >>> LITTLE_USED_SHIFT && this.#slabBytes > MIN_SLAB_BYTES) this.#slabBytes >>>= 1;
    if (this.#claim < 0) {
      this.#forgetSlab();
    } else {
      // The open claim lies behind these bytes, in the same slab.
      slab.retain();
      this.#from = this.#end;
    }
    this.inFlightBytes += length;
    this.#countSent(length);
    this.#socket.write(bytes, () => {
      this.inFlightBytes -= length;
      slab.release();
      this.#onTaken();
    });
  }

  #forgetSlab(): void {
    this.#slab = undefined;
    this.buffer = EMPTY_BUFFER;
    this.#from = 0;
    this.#end = 0;
    this.#limit = 0;
  }

  #countSent(length: number): void {
    const frames = this.#framesCommitted;
    this.#framesCommitted = 0;
    const counters = this.#counters;
    if (counters === undefined) return;
    counters.add(LinkCounter.FRAMES_SENT, frames);
    counters.add(LinkCounter.BYTES_SENT, length - frames * FRAME_LENGTH_SIZE);
    counters.add(LinkCounter.FLUSHES, 1);
  }

  #noClaim(index: number): RSocketError {
    return new RSocketError('ERR_FLYSOCKET_NO_CLAIM', `no such claim: index=${index}, open=${this.#claim}`);
  }
}
