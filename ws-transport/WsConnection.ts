/**
 * A connection over a WebSocket of the npm package `ws`, at either end: the package frames the messages.
 *
 *   out   `LentFrames`: each frame lent to the package until it calls back, one corked write for each turn
 *   in    frames shown where they lie in the chunks that have arrived
 *
 * Before `receive` nothing is read from the socket.
 */
import type { Duplex } from 'node:stream';
import { MAX_FRAME_LENGTH } from '../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { DirectBuffer, EMPTY_BUFFER, ErrorCode, RSocketError } from '../flyweight/index.ts';
import { POLL_TURNS, poolOfThisThread, TurnLoop, type TurnTask } from '../transport/index.ts';
import { CloseCode } from './CloseCode.ts';
import { LONGEST_CONTROL_PAYLOAD } from './FrameHeaderDescriptor.ts';
import { LentFrames } from './LentFrames.ts';
import { MessageConnection } from './MessageConnection.ts';
import { type NodeWebSocketConnectionOptions, POOL_RETRY_MS } from './NodeWebSocketConnection.ts';
import { CLOSE_TIMEOUT_MS, WEBSOCKET_HIGH_WATER_BYTES } from './WebSocketConnection.ts';
import type { WsSocket } from './WsSocket.ts';

/** Longest chunk that is kept in mind for its next message; a longer one would keep its memory for nothing. */
const MAX_KEPT_CHUNK_BYTES = 65_536;
/** Codes of the package's errors that are about length. */
const TOO_LONG = ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH'];

/** How a connection is made; all of it has a default. The time for a message to become whole is not limited here. */
export type WsConnectionOptions = Omit<NodeWebSocketConnectionOptions, 'partialFrameTimeoutMs'>;

/** The chunk that the last message lay in: the next one, of whatever connection, often lies there too. */
let chunk = EMPTY_BUFFER;

export class WsConnection extends MessageConnection implements TurnTask {
  /** Used by the loop. */
  isScheduled = false;
  readonly pollTurns: number;
  /** Of kind LINK, if it was given any. */
  readonly counters: CounterBlock | undefined;
  readonly #socket: WsSocket;
  readonly #transport: (Duplex & { readonly bytesRead?: number }) | undefined;
  readonly #frames: LentFrames;
  readonly #loop: TurnLoop;
  readonly #highWaterBytes: number;
  readonly #maxInboundFrameLength: number;
  readonly #closeTimeoutMs: number;
  #messageBytes = 0;
  #closeTimer: ReturnType<typeof setTimeout> | undefined = undefined;
  #poolTimer: ReturnType<typeof setTimeout> | undefined = undefined;
  #socketError: unknown = undefined;

  /**
   * @param socket open, nothing of it read yet; the connection's from now on
   * @param transport the socket beneath, to cork: `request.socket` of the upgrade. Without it each frame is written
   *   by itself, which is much slower
   */
  constructor(socket: WsSocket, transport: Duplex | undefined, options: WsConnectionOptions = {}) {
    super(options.maxFrameLength);
    this.pollTurns = options.pollTurns ?? POLL_TURNS;
    this.counters = options.counters;
    this.#socket = socket;
    this.#transport = transport;
    this.#loop = TurnLoop.ofThisThread();
    this.#highWaterBytes = options.highWaterBytes ?? WEBSOCKET_HIGH_WATER_BYTES;
    this.#maxInboundFrameLength = options.maxInboundFrameLength ?? MAX_FRAME_LENGTH;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS;
    const pool = options.pool ?? poolOfThisThread();
    this.#frames = new LentFrames(socket, transport, pool, options.counters, () => {
      if (this.writableOwed) this.wait();
    });
    socket.pause();
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Uint8Array, isBinary: boolean) => this.#onMessage(data, isBinary));
    socket.on('error', (error: Error) => this.#onError(error));
    socket.on('close', (code: number, reason: Uint8Array) => this.#onSocketClosed(code, String(reason)));
    transport?.on('error', (error) => {
      this.#socketError = error;
    });
  }

  /** Of the socket beneath, if it counts them, else of whole messages. */
  get bytesReceived(): number {
    return this.#transport?.bytesRead ?? this.#messageBytes;
  }

  flush(): void {
    this.#frames.flush();
  }

  onTurn(): void {
    this.#frames.flush();
    this.#frames.releaseIdle();
    if (this.#isLow()) this.tellWritable();
  }

  protected place(length: number, alignment: number): number {
    const index = this.#frames.pressure >= this.#highWaterBytes ? -1 : this.#frames.place(length, alignment);
    if (index < 0) this.counters?.add(LinkCounter.BACK_PRESSURED, 1);
    this.buffer = this.#frames.buffer;
    return index;
  }

  protected send(index: number, length: number): void {
    this.#frames.commit(index, length);
    if (!this.isScheduled) this.#loop.schedule(this);
  }

  protected wait(): void {
    if (this.#frames.poolIsEmpty && this.#isLow()) {
      this.#poolTimer ??= setTimeout(() => {
        this.#poolTimer = undefined;
        this.#loop.schedule(this);
      }, POOL_RETRY_MS);
    } else if (this.#isLow()) {
      this.#loop.schedule(this);
    }
  }

  protected start(): void {
    if (this.writableOwed) this.wait();
    this.#socket.resume();
  }

  protected shut(code: number, reason: string): void {
    this.#frames.dropClaim();
    this.#closeTimer = setTimeout(() => this.#socket.terminate(), this.#closeTimeoutMs);
    this.#socket.close(code, reason.slice(0, LONGEST_CONTROL_PAYLOAD - 2));
    this.#frames.flush();
    // Who closes reads on: the peer's Close has yet to come.
    this.#socket.resume();
  }

  #isLow(): boolean {
    return this.#frames.pressure <= this.#highWaterBytes >>> 1;
  }

  #onMessage(data: Uint8Array, isBinary: boolean): void {
    const { length } = data;
    this.#messageBytes += length;
    this.#loop.onArrival(this);
    if (this.isClosed) return;
    if (!isBinary) {
      this.refuseText();
    } else if (length > this.#maxInboundFrameLength) {
      this.#refuse('ERR_FLYSOCKET_FRAME_TOO_LONG', `length=${length}, limit=${this.#maxInboundFrameLength}`);
    } else if (this.handler === undefined) {
      this.close(new RSocketError('ERR_FLYSOCKET_NO_RECEIVER', 'a frame before receive'));
    } else {
      this.counters?.add(LinkCounter.FRAMES_RECEIVED, 1);
      this.counters?.add(LinkCounter.BYTES_RECEIVED, length);
      this.deliver(chunkOf(data), data.byteOffset, length);
    }
  }

  /** The package has found something against the rules, and has sent a Close; or it has failed itself. */
  #onError(error: Error & { readonly code?: unknown }): void {
    const code = String(error.code);
    if (TOO_LONG.includes(code)) this.#refuse('ERR_FLYSOCKET_FRAME_TOO_LONG', error.message, error);
    else if (code.startsWith('WS_ERR_')) this.#refuse('ERR_FLYSOCKET_WEBSOCKET_PROTOCOL', error.message, error);
    else this.#socketError = error;
  }

  #refuse(code: string, message: string, cause?: Error): void {
    const isTooLong = code === 'ERR_FLYSOCKET_FRAME_TOO_LONG';
    const error = new RSocketError(
      code,
      isTooLong ? `message too long: ${message}` : message,
      ErrorCode.CONNECTION_ERROR,
      {
        cause,
      },
    );
    this.closeWith(error, isTooLong ? CloseCode.TOO_BIG : CloseCode.PROTOCOL_ERROR);
  }

  #onSocketClosed(code: number, reason: string): void {
    clearTimeout(this.#closeTimer);
    clearTimeout(this.#poolTimer);
    this.onPeerClose(code, reason, this.#socketError);
    this.#frames.dropClaim();
    this.end();
    this.counters?.detach();
  }
}

function chunkOf({ buffer }: Uint8Array): DirectBuffer {
  if (chunk.buffer === buffer) return chunk;
  const shown = new DirectBuffer(buffer);
  if (buffer.byteLength <= MAX_KEPT_CHUNK_BYTES) chunk = shown;
  return shown;
}
