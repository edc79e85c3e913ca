/**
 * What arrives by a socket: chunks of bytes, out of which the frames are shown where they lie. One that has begun must
 * be whole in time; that costs a look at the clock for each chunk that ends within a frame, and one timer for all of
 * a connection's.
 */
import { FrameLengthDecoder, type FrameSink } from '../codec/index.ts';
import type { Clock } from '../core/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { type DirectBuffer, ErrorCode, RSocketError } from '../flyweight/index.ts';
import type { BufferPool } from '../pool/index.ts';
import type { FrameHandler } from '../transport/index.ts';

/** What a connection hands on to it. */
interface InboundOptions {
  readonly pool: BufferPool;
  readonly clock: Clock;
  readonly counters: CounterBlock | undefined;
  /** Longest frame taken, 6 to 16,777,215 bytes. */
  readonly maxInboundFrameLength: number;
  readonly partialFrameTimeoutMs: number;
  /** A frame was not whole in time. */
  readonly onTimeout: (error: RSocketError) => void;
}

export class InboundFrames implements FrameSink {
  /** Gets the frames. There is one before the first chunk. */
  handler: FrameHandler | undefined = undefined;
  bytesReceived = 0;
  readonly #decoder: FrameLengthDecoder;
  readonly #options: InboundOptions;
  readonly #onTimer: () => void;
  #framesReceived = 0;
  #frameBytesReceived = 0;
  #framesCounted = 0;
  #frameBytesCounted = 0;
  /** The unfinished frame: the how-manieth it is, and when its first byte came. */
  #partialFrame = -1;
  #partialSinceMs = 0;
  #timer: unknown = undefined;

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#decoder = new FrameLengthDecoder(options.pool, options.maxInboundFrameLength);
    this.#onTimer = () => this.#checkPartialFrame();
  }

  /** Bytes of a frame that has begun and is not whole. */
  get pendingBytes(): number {
    return this.#decoder.pendingBytes;
  }

  /** Takes a chunk, of which nothing is kept. @throws what the handler does, and as `FrameLengthDecoder.accept` */
  accept(chunk: DirectBuffer, offset: number, length: number): void {
    this.#decoder.accept(chunk, offset, length, this);
    if (this.#options.counters !== undefined) this.#count(this.#options.counters);
    if (this.#decoder.pendingBytes > 0 && this.#partialFrame !== this.#framesReceived) this.#beginPartialFrame();
  }

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    this.#framesReceived++;
    this.#frameBytesReceived += length;
    (this.handler as FrameHandler).onFrame(buffer, offset, length);
  }

  /** No frame is shown any more; pooled memory goes back. */
  close(): void {
    this.#decoder.release();
    this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    if (this.#options.counters !== undefined) this.#count(this.#options.counters);
  }

  #count(counters: CounterBlock): void {
    const frames = this.#framesReceived - this.#framesCounted;
    if (frames === 0) return;
    counters.add(LinkCounter.FRAMES_RECEIVED, frames);
    counters.add(LinkCounter.BYTES_RECEIVED, this.#frameBytesReceived - this.#frameBytesCounted);
    this.#framesCounted = this.#framesReceived;
    this.#frameBytesCounted = this.#frameBytesReceived;
  }

  #beginPartialFrame(): void {
    const { clock, partialFrameTimeoutMs } = this.#options;
    this.#partialFrame = this.#framesReceived;
    this.#partialSinceMs = clock.nowMs();
    this.#timer ??= clock.setTimer(this.#onTimer, partialFrameTimeoutMs);
  }

  /** The timer was set for some earlier frame, perhaps; if it is another's turn by now, it is set again for that. */
  #checkPartialFrame(): void {
    this.#timer = undefined;
    const { clock, partialFrameTimeoutMs, onTimeout } = this.#options;
    const pendingBytes = this.#decoder.pendingBytes;
    if (pendingBytes === 0) return;
    const leftMs = this.#partialSinceMs + partialFrameTimeoutMs - clock.nowMs();
    if (leftMs > 0) {
      this.#timer = clock.setTimer(this.#onTimer, leftMs);
      return;
    }
    const message = `a frame was not whole in time: ${pendingBytes} bytes in ${partialFrameTimeoutMs} ms`;
    onTimeout(new RSocketError('ERR_FLYSOCKET_PARTIAL_FRAME', message, ErrorCode.CONNECTION_ERROR));
  }
}
