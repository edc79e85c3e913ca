import type { DirectBuffer } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';
import { HEADER_LENGTH } from './FrameHeaderDescriptor.ts';
import { frameTooLong, frameTooShort, MAX_FRAME_LENGTH } from './malformedFrame.ts';
import { FRAME_LENGTH_SIZE } from './putFrameLength.ts';

const UNKNOWN = -1;
/** Bytes taken for a frame that is being gathered before as many of it have come; a shorter frame takes its length. */
const MIN_GATHERED_CAPACITY = 4096;

/** What `FrameLengthDecoder` hands frames to. */
export interface FrameSink {
  /** The bytes are valid until this returns. It may call `release` of the decoder, which then hands out no more. */
  onFrame(buffer: DirectBuffer, offset: number, length: number): void;
}

/**
 * Cuts a stream of bytes into frames, each preceded by its 24-bit length: the counterpart of `putFrameLength`. One per
 * connection. How the bytes were chopped into chunks makes no difference to the frames:
 *
 *     chunk   | len  frame | len  frame | len  fra |           a frame that lies whole in a chunk is shown there
 *     chunk   | me | len  frame | le |                         one that does not is gathered, into pooled memory that
 *     chunk   | n  frame |                                     grows with what has come, up to the frame's length
 *
 * What a frame's length announces is not taken for granted: a gathered frame holds at most twice the bytes of it that
 * have come, or `MIN_GATHERED_CAPACITY`. Copies each byte of a gathered frame less than three times, of one that fits
 * `MIN_GATHERED_CAPACITY` once, the others never. Allocates nothing of its own.
 */
export class FrameLengthDecoder {
  readonly #pool: BufferPool;
  readonly #maxFrameLength: number;
  /** Bytes of the length that have come while it is incomplete, 0 to 2, and what they say. */
  #lengthBytes: number;
  #lengthSoFar: number;
  /** Length of the frame that comes next, or UNKNOWN. */
  #frameLength: number;
  /** The frame being gathered, and how many bytes of it have come. */
  #gathered: PooledBuffer | null;
  #gatheredLength: number;
  #released: boolean;

  /**
   * @param maxFrameLength longest frame taken, 6 to 16,777,215 bytes; a longer one is refused by its length alone, so
   *   this also bounds the memory that one connection can tie up here, once it has sent half of it
   */
  constructor(pool: BufferPool, maxFrameLength: number = MAX_FRAME_LENGTH) {
    this.#pool = pool;
    this.#maxFrameLength = maxFrameLength;
    this.#lengthBytes = 0;
    this.#lengthSoFar = 0;
    this.#frameLength = UNKNOWN;
    this.#gathered = null;
    this.#gatheredLength = 0;
    this.#released = false;
  }

  /** Bytes of an unfinished frame, its length included, that have come and wait for the rest. */
  get pendingBytes(): number {
    return this.#frameLength === UNKNOWN ? this.#lengthBytes : FRAME_LENGTH_SIZE + this.#gatheredLength;
  }

  /**
   * Takes the next `length` bytes of the stream and hands every frame that ends in them to `handler`, in order. Keeps
   * no reference to `chunk`.
   * @throws RSocketError ERR_FLYSOCKET_FRAME_TOO_LONG, ERR_FLYSOCKET_FRAME_TOO_SHORT (CONNECTION_ERROR),
   *   ERR_FLYSOCKET_POOL_EXHAUSTED: the stream can't be read on, and `release` is what remains to be called
   */
  accept(chunk: DirectBuffer, offset: number, length: number, handler: FrameSink): void {
    const end = offset + length;
    let at = offset;
    while (at < end && !this.#released) {
      if (this.#frameLength === UNKNOWN) {
        at = this.#takeLength(chunk, at, end);
      } else if (this.#gathered === null && end - at >= this.#frameLength) {
        const frameLength = this.#frameLength;
        this.#frameLength = UNKNOWN;
        handler.onFrame(chunk, at, frameLength);
        at += frameLength;
      } else {
        at = this.#gather(chunk, at, end, handler);
      }
    }
  }

  /** Gives pooled memory back and drops an unfinished frame; nothing is taken after it. May be called again. */
  release(): void {
    this.#released = true;
    this.#lengthBytes = 0;
    this.#frameLength = UNKNOWN;
    this.#gatheredLength = 0;
    const gathered = this.#gathered;
    this.#gathered = null;
    if (gathered !== null) gathered.release();
  }

  /** The whole length if it lies in the chunk, else one byte of it. */
  #takeLength(chunk: DirectBuffer, at: number, end: number): number {
    if (this.#lengthBytes === 0 && end - at >= FRAME_LENGTH_SIZE) {
      this.#frameLength = this.#checked(chunk.getUint24(at));
      return at + FRAME_LENGTH_SIZE;
    }
    this.#lengthSoFar = (this.#lengthSoFar << 8) | chunk.getUint8(at);
    this.#lengthBytes++;
    if (this.#lengthBytes === FRAME_LENGTH_SIZE) {
      const frameLength = this.#checked(this.#lengthSoFar);
      this.#lengthBytes = 0;
      this.#lengthSoFar = 0;
      this.#frameLength = frameLength;
    }
    return at + 1;
  }

  #gather(chunk: DirectBuffer, at: number, end: number, handler: FrameSink): number {
    const frameLength = this.#frameLength;
    const taken = Math.min(frameLength - this.#gatheredLength, end - at);
    const gathered = this.#roomFor(this.#gatheredLength + taken);
    gathered.buffer.putBuffer(gathered.offset + this.#gatheredLength, chunk, at, taken);
    this.#gatheredLength += taken;
    if (this.#gatheredLength === frameLength) {
      this.#gathered = null;
      this.#gatheredLength = 0;
      this.#frameLength = UNKNOWN;
      try {
        handler.onFrame(gathered.buffer, gathered.offset, frameLength);
      } finally {
        gathered.release();
      }
    }
    return at + taken;
  }

  /** The memory for the frame's first `length` bytes, with what has been gathered in it. */
  #roomFor(length: number): PooledBuffer {
    const gathered = this.#gathered;
    if (gathered !== null && gathered.capacity >= length) return gathered;
    const larger = this.#pool.acquire(Math.min(this.#frameLength, Math.max(MIN_GATHERED_CAPACITY, length * 2)));
    this.#gathered = larger;
    if (gathered !== null) {
      larger.buffer.putBuffer(larger.offset, gathered.buffer, gathered.offset, this.#gatheredLength);
      gathered.release();
    }
    return larger;
  }

  #checked(frameLength: number): number {
    if (frameLength > this.#maxFrameLength) throw frameTooLong(frameLength, this.#maxFrameLength);
    if (frameLength < HEADER_LENGTH) throw frameTooShort(0, frameLength, HEADER_LENGTH);
    return frameLength;
  }
}
