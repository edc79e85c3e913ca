/**
 * A connection over a WebSocket as browsers have it, each frame a binary message of its own, without a length prefix
 * (spec: "Framing Protocol Usage").
 *
 *   out   a pooled piece for the claim; `commit` hands it to `send`, which copies, and gives it back
 *   in    one DirectBuffer over each message's own memory
 *
 * Such a WebSocket has no event for a queue that has become shorter: while somebody waits for that, a timer looks.
 */
import { DirectBuffer, RSocketError } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';
import { poolOfThisThread } from '../transport/index.ts';
import { CloseCode } from './CloseCode.ts';
import { laterTurn } from './laterTurn.ts';
import { MessageConnection } from './MessageConnection.ts';
import type { WebSocketLike } from './WebSocketLike.ts';

/** Bytes that the WebSocket has not sent yet, or was given in this turn, from which on nothing is claimed. */
export const WEBSOCKET_HIGH_WATER_BYTES = 262_144;
/** How often the queue is looked at while somebody waits. */
export const POLL_INTERVAL_MS = 4;
/** How long `close` waits for what was committed to leave, and for the peer's Close. */
export const CLOSE_TIMEOUT_MS = 5_000;
/** Browsers send no code below 3000 but 1000, so the others move up to where codes are private. */
const PRIVATE_CODES = 3_000;

/** How a connection over a WebSocket is made; all of it has a default. */
export interface WebSocketConnectionOptions {
  /** Longest frame that is sent on a stream, in bytes. Default `WEBSOCKET_FRAME_LENGTH`. */
  readonly maxFrameLength?: number | undefined;
  /** Default `WEBSOCKET_HIGH_WATER_BYTES`; whoever waits is told of room at a quarter of it. */
  readonly highWaterBytes?: number | undefined;
  /** Default `CLOSE_TIMEOUT_MS`. */
  readonly closeTimeoutMs?: number | undefined;
  /** Memory for frames. Default that of the thread. */
  readonly pool?: BufferPool;
}

export class WebSocketConnection extends MessageConnection {
  bytesReceived = 0;
  readonly #socket: WebSocketLike;
  readonly #pool: BufferPool;
  readonly #highWaterBytes: number;
  readonly #closeTimeoutMs: number;
  readonly #look: () => void;
  #claimed: PooledBuffer | undefined = undefined;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;

  /** @param socket open, `binaryType` 'arraybuffer'; from now on its handlers are the connection's */
  constructor(socket: WebSocketLike, options: WebSocketConnectionOptions = {}) {
    super(options.maxFrameLength);
    this.#socket = socket;
    this.#pool = options.pool ?? poolOfThisThread();
    this.#highWaterBytes = options.highWaterBytes ?? WEBSOCKET_HIGH_WATER_BYTES;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS;
    this.#look = () => {
      if (this.isClosed) return;
      this.#timer = undefined;
      if (this.#isLow()) this.tellWritable();
      else this.wait();
    };
    socket.onmessage = ({ data }: { data: unknown }) => this.#onMessage(data);
    socket.onerror = () => {};
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      this.onPeerClose(code, reason);
      this.#end();
    };
  }

  protected place(length: number, alignment: number): number {
    if (this.#socket.bufferedAmount >= this.#highWaterBytes) return -1;
    const claimed = this.#pool.tryAcquire(length + alignment);
    if (claimed === null) {
      this.#timer ??= setTimeout(this.#look, POLL_INTERVAL_MS);
      return -1;
    }
    this.#claimed = claimed;
    this.buffer = claimed.buffer;
    return claimed.offset + alignment;
  }

  protected send(index: number, length: number): void {
    if (length >= 0) this.#socket.send(this.buffer.slice(index, length));
    this.#giveBack();
  }

  protected wait(): void {
    if (this.#timer !== undefined) return;
    if (this.#isLow()) laterTurn(this.#look);
    else this.#timer = setTimeout(this.#look, POLL_INTERVAL_MS);
  }

  protected start(): void {
    if (this.writableOwed) this.wait();
  }

  flush(): void {
    // `commit` has sent it.
  }

  protected shut(code: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#giveBack();
    this.#timer = setTimeout(() => this.#end(), this.#closeTimeoutMs);
    this.#socket.close(code === CloseCode.NORMAL ? code : code + PRIVATE_CODES, reason);
  }

  #isLow(): boolean {
    return this.#socket.bufferedAmount <= this.#highWaterBytes >>> 2;
  }

  #onMessage(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) {
      this.refuseText();
      return;
    }
    this.bytesReceived += data.byteLength;
    if (this.handler === undefined) this.close(new RSocketError('ERR_FLYSOCKET_NO_RECEIVER', 'a frame before receive'));
    else this.deliver(new DirectBuffer(data), 0, data.byteLength);
  }

  #giveBack(): void {
    this.#claimed?.release();
    this.#claimed = undefined;
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#giveBack();
    this.#socket.onmessage = null;
    this.end();
  }
}
