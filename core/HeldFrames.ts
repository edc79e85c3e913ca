import type { DirectBuffer } from '../flyweight/index.ts';
import { ErrorCode, RSocketError } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';

/** Bytes charged for each held frame beside its own. */
const HELD_OVERHEAD_BYTES = 128;

interface HeldFrame {
  readonly pooled: PooledBuffer;
  readonly length: number;
}

/** Frames that came before their time, copied into pooled buffers, up to a bound. */
export class HeldFrames {
  readonly #pool: BufferPool;
  readonly #maxBytes: number;
  readonly #frames: HeldFrame[] = [];
  #bytes = 0;

  /** @param maxBytes bound on what is held, overheads included */
  constructor(pool: BufferPool, maxBytes: number) {
    this.#pool = pool;
    this.#maxBytes = maxBytes;
  }

  /** @throws RSocketError ERR_FLYSOCKET_HELD_FULL (CONNECTION_ERROR) */
  add(buffer: DirectBuffer, offset: number, length: number): void {
    this.#bytes += length + HELD_OVERHEAD_BYTES;
    const pooled = this.#bytes <= this.#maxBytes ? this.#pool.tryAcquire(length) : null;
    if (pooled === null) {
      const message = `more than ${this.#maxBytes} bytes of frames before the SETUP was accepted`;
      throw new RSocketError('ERR_FLYSOCKET_HELD_FULL', message, ErrorCode.CONNECTION_ERROR);
    }
    pooled.buffer.putBuffer(pooled.offset, buffer, offset, length);
    this.#frames.push({ pooled, length });
  }

  /** Hands out every frame in its order, those too that are added meanwhile, and gives its memory back. */
  replay(onFrame: (buffer: DirectBuffer, offset: number, length: number) => void): void {
    for (let frame = this.#frames.shift(); frame !== undefined; frame = this.#frames.shift()) {
      try {
        onFrame(frame.pooled.buffer, frame.pooled.offset, frame.length);
      } finally {
        frame.pooled.release();
      }
    }
    this.#bytes = 0;
  }

  drop(): void {
    for (const { pooled } of this.#frames.splice(0)) pooled.release();
    this.#bytes = 0;
  }
}
