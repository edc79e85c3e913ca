/**
 * One end of a connection over a stream of bytes: TCP, a Unix socket, or TLS over either. Each frame goes behind its
 * 24-bit length (spec: "Framing Protocol Usage").
 *
 *   out   claims lie in a slab, and all that was committed within a turn leaves by one write      OutboundBytes
 *   in    frames are shown where they lie in the chunks that arrive                               InboundFrames
 *
 * It owns its socket from the start, and ends it.
 */
import type { Socket } from 'node:net';
import { encodeError, lengthOfError, MAX_FRAME_LENGTH, MIN_FRAGMENT_LENGTH } from '../codec/index.ts';
import { type Clock, systemClock } from '../core/index.ts';
import type { CounterBlock } from '../counters/index.ts';
import { DirectBuffer, RSocketError } from '../flyweight/index.ts';
import type { BufferPool } from '../pool/index.ts';
import {
  CLOSED,
  type DuplexConnection,
  type FrameHandler,
  MIN_CONNECTION_FRAME_LENGTH,
  POLL_TURNS,
  poolOfThisThread,
  TurnLoop,
  type TurnTask,
} from '../transport/index.ts';
import { InboundFrames } from './InboundFrames.ts';
import { LINGER_TIMEOUT_MS, PARTIAL_FRAME_TIMEOUT_MS, TCP_FRAME_LENGTH, TCP_HIGH_WATER_BYTES } from './limits.ts';
import { OutboundBytes } from './OutboundBytes.ts';
import type { SharedReads } from './SharedReads.ts';

/** Time after which a claim that an exhausted pool refused may be tried again, if nothing tells of room before. */
const POOL_RETRY_MS = 10;
/** Longest message of an ERROR frame that is sent from here, in UTF-16 units. */
const MAX_ERROR_LENGTH = 256;

/** How a connection is made; all of it has a default. */
export interface TcpConnectionOptions {
  /** Memory to write from, and for frames that come in pieces. Default `poolOfThisThread()`. */
  readonly pool?: BufferPool | undefined;
  readonly clock?: Clock | undefined;
  /** Of kind LINK, to be counted into. The connection gives it back when it ends. */
  readonly counters?: CounterBlock | undefined;
  /** Longest frame sent on a stream, 64 to 16,777,215 bytes. Default `TCP_FRAME_LENGTH`. */
  readonly maxFrameLength?: number | undefined;
  /** Longest frame taken, 64 to 16,777,215 bytes. Default `MAX_FRAME_LENGTH`. */
  readonly maxInboundFrameLength?: number | undefined;
  /** Bytes on their way from which on claims are refused. Default `TCP_HIGH_WATER_BYTES`. */
  readonly highWaterBytes?: number | undefined;
  /** Default `PARTIAL_FRAME_TIMEOUT_MS`. */
  readonly partialFrameTimeoutMs?: number | undefined;
  /** Default `LINGER_TIMEOUT_MS`. */
  readonly lingerTimeoutMs?: number | undefined;
  /** Turns to look for an answer before the thread sleeps; 0 for none. Default `POLL_TURNS`. */
  readonly pollTurns?: number | undefined;
}

export class TcpConnection implements DuplexConnection, TurnTask {
  readonly maxFrameLength: number;
  readonly onClose: Promise<RSocketError | undefined>;
  /** Used by the loop. */
  isScheduled = false;
  readonly pollTurns: number;
  /** Of kind LINK, if it was given any. */
  readonly counters: CounterBlock | undefined;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #loop: TurnLoop;
  readonly #outbound: OutboundBytes;
  readonly #inbound: InboundFrames;
  readonly #highWaterBytes: number;
  readonly #lingerTimeoutMs: number;
  #settle!: (error: RSocketError | undefined) => void;
  #handler: FrameHandler | undefined = undefined;
  #writableOwed = false;
  /** Nothing is claimed and nothing delivered any more; `#ended` once the peer or the socket is done, too. */
  #closed = false;
  #ended = false;
  #told = false;
  #error: RSocketError | undefined = undefined;
  #lingerTimer: unknown = undefined;
  #retryTimer: unknown = undefined;

  /**
   * @param socket connected, with nothing read from it; a `TLSSocket` after its handshake
   * @param reads with what the socket was made if it does not read by 'data' events
   * @throws RSocketError ERR_FLYSOCKET_FRAME_LIMIT if a frame length is out of range
   */
  constructor(socket: Socket, options: TcpConnectionOptions = {}, reads?: SharedReads) {
    const { pool = poolOfThisThread(), clock = systemClock, counters } = options;
    const frameLength = frameLimit('maxFrameLength', options.maxFrameLength ?? TCP_FRAME_LENGTH);
    this.maxFrameLength = Math.max(frameLength, MIN_CONNECTION_FRAME_LENGTH);
    this.pollTurns = options.pollTurns ?? POLL_TURNS;
    this.#socket = socket;
    this.#clock = clock;
    this.counters = counters;
    this.#loop = TurnLoop.ofThisThread();
    this.#highWaterBytes = options.highWaterBytes ?? TCP_HIGH_WATER_BYTES;
    this.#lingerTimeoutMs = options.lingerTimeoutMs ?? LINGER_TIMEOUT_MS;
    this.#outbound = new OutboundBytes(socket, pool, counters, () => this.#onTaken());
    this.#inbound = new InboundFrames({
      pool,
      clock,
      counters,
      maxInboundFrameLength: frameLimit('maxInboundFrameLength', options.maxInboundFrameLength ?? MAX_FRAME_LENGTH),
      partialFrameTimeoutMs: options.partialFrameTimeoutMs ?? PARTIAL_FRAME_TIMEOUT_MS,
      onTimeout: (error) => this.#fail(error),
    });
    this.onClose = new Promise((resolve) => {
      this.#settle = resolve;
    });
    if (reads !== undefined) reads.onChunk = (buffer, offset, length) => this.#onChunk(buffer, offset, length);
    socket.setNoDelay(true);
    socket.on('end', () => this.#onPeerEnd());
    socket.on('error', (cause) => this.#onSocketError(cause));
    socket.on('close', () => this.#onSocketClose());
  }

  get buffer(): DirectBuffer {
    return this.#outbound.buffer;
  }

  get bytesReceived(): number {
    return this.#inbound.bytesReceived;
  }

  /** The address of the other end, for messages; undefined on a Unix socket. */
  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  /** @param _alignment ignored: there is no padding on the wire */
  tryClaim(length: number, _alignment: number): number {
    if (this.#closed) return CLOSED;
    if (length > this.maxFrameLength) {
      const message = `frame too long: length=${length}, maxFrameLength=${this.maxFrameLength}`;
      throw new RSocketError('ERR_FLYSOCKET_FRAME_TOO_LONG', message);
    }
    const index = this.#outbound.claim(length, this.#highWaterBytes);
    if (index < 0) this.#refuse();
    return index;
  }

  commit(index: number): void {
    if (this.#closed) return;
    this.#outbound.commit(index);
    if (!this.isScheduled) this.#loop.schedule(this);
  }

  abort(index: number): void {
    if (this.#closed) return;
    this.#outbound.abort(index);
    if (!this.isScheduled) this.#loop.schedule(this);
  }

  awaitWritable(): void {
    if (this.#closed) return;
    this.#writableOwed = true;
    this.#loop.schedule(this);
  }

  flush(): void {
    if (!this.#closed) this.#outbound.flush();
  }

  receive(handler: FrameHandler): void {
    const isFirst = this.#handler === undefined;
    this.#handler = handler;
    this.#inbound.handler = handler;
    if (!isFirst) return;
    if (this.#ended) {
      setImmediate(() => this.#tell());
      return;
    }
    this.#socket.on('data', (chunk) => this.#onChunk(new DirectBuffer(chunk), 0, chunk.length));
    this.#socket.resume();
  }

  yieldSoon(): void {
    // Every chunk is a turn of its own already.
  }

  close(error?: RSocketError): void {
    if (this.#closed) return;
    this.#error = error;
    this.#endOutbound();
    this.#socket.resume();
  }

  onTurn(): void {
    if (this.#closed) return;
    const handler = this.#handler;
    if (this.#writableOwed && handler !== undefined && this.#outbound.pressure <= this.#highWaterBytes >>> 1) {
      this.#writableOwed = false;
      try {
        handler.onWritable();
      } catch (error) {
        this.#fail(error);
        return;
      }
      if (this.#closed) return;
    }
    this.#outbound.flush();
  }

  #refuse(): void {
    this.#writableOwed = true;
    if (this.#outbound.pressure > 0 || this.#retryTimer !== undefined) return;
    // The pool is exhausted by others, and nothing of this connection's will tell of room.
    this.#retryTimer = this.#clock.setTimer(() => {
      this.#retryTimer = undefined;
      if (!this.#closed) this.#loop.schedule(this);
    }, POOL_RETRY_MS);
  }

  /** The system has taken a write. Its room is told of in a turn, for this may come at once, time and again. */
  #onTaken(): void {
    if (this.#closed) return;
    if (this.#writableOwed || !this.#outbound.isIdle) this.#loop.schedule(this);
  }

  #onChunk(buffer: DirectBuffer, offset: number, length: number): void {
    const inbound = this.#inbound;
    inbound.bytesReceived += length;
    if (this.#closed) return;
    this.#loop.onArrival(this);
    try {
      inbound.accept(buffer, offset, length);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof RSocketError)) {
      const message = 'the handler of a frame threw';
      this.close(new RSocketError('ERR_FLYSOCKET_HANDLER_FAILED', message, undefined, { cause: error }));
      return;
    }
    if (error.errorCode !== undefined && !this.#closed) this.#sendError(error.errorCode, error.message);
    this.close(error);
  }

  /** ERROR on stream 0, ahead of the end, whatever is on its way. */
  #sendError(errorCode: number, fullMessage: string): void {
    const message = fullMessage.slice(0, MAX_ERROR_LENGTH);
    this.#outbound.dropClaim();
    const index = this.#outbound.claim(lengthOfError(message), Number.POSITIVE_INFINITY);
    if (index < 0) return;
    encodeError(this.#outbound.buffer, index, 0, errorCode, message);
    this.#outbound.commit(index);
  }

  /** Everything goes to the socket, then FIN; the peer has some time to do the same. */
  #endOutbound(): void {
    this.#closed = true;
    this.#outbound.dropClaim();
    this.#outbound.flushAll();
    this.#inbound.close();
    this.#clock.clearTimer(this.#retryTimer);
    this.#socket.end();
    if (this.#socket.destroyed) return;
    this.#lingerTimer = this.#clock.setTimer(() => this.#socket.destroy(), this.#lingerTimeoutMs);
  }

  #onPeerEnd(): void {
    if (this.#closed) {
      this.#socket.end();
      return;
    }
    const { pendingBytes } = this.#inbound;
    if (pendingBytes > 0) this.#error = lost(`the peer ended within a frame, after ${pendingBytes} bytes of it`);
    this.#endOutbound();
    this.#end();
  }

  #onSocketError(cause: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = lost(`the connection was lost: ${cause.message}`, cause);
  }

  #onSocketClose(): void {
    if (!this.#closed) {
      this.#closed = true;
      this.#error = lost('the socket was destroyed');
    }
    this.#outbound.dropClaim();
    this.#outbound.flushAll();
    this.#inbound.close();
    this.#clock.clearTimer(this.#retryTimer);
    this.#clock.clearTimer(this.#lingerTimer);
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.counters?.detach();
    this.#settle(this.#error);
    this.#tell();
  }

  #tell(): void {
    if (this.#told || this.#handler === undefined) return;
    this.#told = true;
    try {
      this.#handler.onClosed(this.#error);
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}

function lost(message: string, cause?: Error): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_CONNECTION_LOST', message, undefined, cause === undefined ? {} : { cause });
}

function frameLimit(name: string, length: number): number {
  if (length >= MIN_FRAGMENT_LENGTH && length <= MAX_FRAME_LENGTH) return length;
  const message = `${name} out of range: ${length}, from ${MIN_FRAGMENT_LENGTH} to ${MAX_FRAME_LENGTH}`;
  throw new RSocketError('ERR_FLYSOCKET_FRAME_LIMIT', message);
}
