/**
 * A connection over the socket that an HTTP upgrade has left, in Node: it frames its messages itself, since a library
 * between costs more than all the rest of a frame. Echo of 128 bytes between two processes, 256 in flight: over `ws`
 * (`WsConnection`) 0.23 M frames a second, so 1.16 M (measured).
 *
 *   out   `SentFrames`: one write for each turn of the event loop
 *   in    `ReceivedFrames`: frames shown where they lie
 *
 * Before `receive` nothing is read from the socket.
 */
import type { Duplex } from 'node:stream';
import { MAX_FRAME_LENGTH } from '../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { ErrorCode, RSocketError } from '../flyweight/index.ts';
import { POLL_TURNS, poolOfThisThread, TurnLoop, type TurnTask } from '../transport/index.ts';
import { CloseCode } from './CloseCode.ts';
import { MessageConnection } from './MessageConnection.ts';
import { type MessageSink, ReceivedFrames } from './ReceivedFrames.ts';
import { SentFrames } from './SentFrames.ts';
import {
  CLOSE_TIMEOUT_MS,
  WEBSOCKET_HIGH_WATER_BYTES,
  type WebSocketConnectionOptions,
} from './WebSocketConnection.ts';

/** Time in which a message that has begun to arrive must be whole. */
export const PARTIAL_MESSAGE_TIMEOUT_MS = 30_000;
/** How often a connection looks whether the pool has memory again. */
export const POOL_RETRY_MS = 10;

/** How a connection is made over a socket; all of it has a default. */
export interface NodeWebSocketConnectionOptions extends WebSocketConnectionOptions {
  /** Longest message that is taken, in bytes. Default `MAX_FRAME_LENGTH`. */
  readonly maxInboundFrameLength?: number | undefined;
  /** Default `PARTIAL_MESSAGE_TIMEOUT_MS`. */
  readonly partialFrameTimeoutMs?: number | undefined;
  /** Turns to look for an answer before the thread sleeps; 0 for none. Default `POLL_TURNS`. */
  readonly pollTurns?: number | undefined;
  /** Of kind LINK, to be counted into. The connection gives it back when it ends. */
  readonly counters?: CounterBlock | undefined;
}

export class NodeWebSocketConnection extends MessageConnection implements TurnTask {
  /** Used by the loop. */
  isScheduled = false;
  readonly pollTurns: number;
  /** Of kind LINK, if it was given any. */
  readonly counters: CounterBlock | undefined;
  readonly #socket: Duplex;
  readonly #sent: SentFrames;
  readonly #received: ReceivedFrames;
  readonly #closeTimeoutMs: number;
  readonly #partialFrameTimeoutMs: number;
  readonly #loop: TurnLoop;
  bytesReceived = 0;
  #framesReceived = 0;
  #frameBytesReceived = 0;
  #isReading = false;
  /** Of our Close, while it does not lie in the slab yet; else 0. */
  #closeCode = 0;
  #closeReason = '';
  #closeIsPlaced = false;
  /** The peer has sent its Close, or nothing more of it is read. */
  #peerHasClosed = false;
  #closeTimer: ReturnType<typeof setTimeout> | undefined = undefined;
  #partialTimer: ReturnType<typeof setTimeout> | undefined = undefined;
  #poolTimer: ReturnType<typeof setTimeout> | undefined = undefined;
  #socketError: unknown = undefined;

  /**
   * @param socket after the upgrade; the connection's from now on
   * @param head what came along with the upgrade
   */
  constructor(socket: Duplex, head: Uint8Array, isClient: boolean, options: NodeWebSocketConnectionOptions = {}) {
    super(options.maxFrameLength);
    const pool = options.pool ?? poolOfThisThread();
    const maxMessageLength = options.maxInboundFrameLength ?? MAX_FRAME_LENGTH;
    const highWaterBytes = options.highWaterBytes ?? WEBSOCKET_HIGH_WATER_BYTES;
    this.#socket = socket;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS;
    this.#partialFrameTimeoutMs = options.partialFrameTimeoutMs ?? PARTIAL_MESSAGE_TIMEOUT_MS;
    this.pollTurns = options.pollTurns ?? POLL_TURNS;
    this.counters = options.counters;
    this.#loop = TurnLoop.ofThisThread();
    const onDrained = (): void => this.#onDrained();
    this.#sent = new SentFrames(socket, {
      pool,
      masked: isClient,
      highWaterBytes,
      counters: options.counters,
      onDrained,
    });
    this.#received = new ReceivedFrames(pool, !isClient, maxMessageLength, this.#sink());
    if (head.length > 0) socket.unshift(head);
    socket.on('error', (error) => {
      this.#socketError = error;
    });
    socket.on('end', () => {
      if (!this.#peerHasClosed) socket.destroy();
    });
    socket.on('close', () => this.#onSocketClosed());
  }

  flush(): void {
    // An open claim lies in the slab that would be handed over; its commit brings the next turn.
    if (this.claimIndex >= 0 || this.isEnded) return;
    if (this.#closeCode !== 0 && this.#sent.close(this.#closeCode, this.#closeReason)) {
      this.#closeCode = 0;
      this.#closeIsPlaced = true;
    }
    this.#sent.flush();
    if (this.#closeIsPlaced && this.#peerHasClosed && this.#sent.isEmpty) this.#socket.end();
  }

  onTurn(): void {
    this.flush();
    this.#sent.beginTurn();
    if (!this.#sent.isFlying) this.tellWritable();
  }

  protected place(length: number): number {
    const index = this.#sent.place(length);
    if (index < 0) this.counters?.add(LinkCounter.BACK_PRESSURED, 1);
    this.buffer = this.#sent.buffer;
    return index;
  }

  protected send(index: number, length: number): void {
    if (length >= 0) this.#sent.commit(index, length);
    if (!this.isScheduled) this.#loop.schedule(this);
  }

  protected wait(): void {
    if (this.#sent.poolIsEmpty) {
      this.#poolTimer ??= setTimeout(() => {
        this.#poolTimer = undefined;
        this.#loop.schedule(this);
      }, POOL_RETRY_MS);
    } else {
      this.#loop.schedule(this);
    }
  }

  protected start(): void {
    if (this.writableOwed) this.wait();
    if (this.#isReading) return;
    this.#isReading = true;
    this.#socket.on('data', (chunk: Uint8Array) => {
      this.bytesReceived += chunk.length;
      this.#loop.onArrival(this);
      this.#received.read(chunk);
      if (this.counters !== undefined) this.#countReceived(this.counters);
      if (this.#partialTimer === undefined && this.#received.isPartial) this.#watchPartial();
    });
  }

  protected shut(code: number, reason: string): void {
    this.#closeCode = code;
    this.#closeReason = reason;
    this.#closeTimer = setTimeout(() => this.#socket.destroy(), this.#closeTimeoutMs);
    // Who closes reads on: the peer's Close has yet to come.
    this.start();
    this.flush();
  }

  #sink(): MessageSink {
    return {
      onMessage: (buffer, offset, length) => {
        this.#framesReceived++;
        this.#frameBytesReceived += length;
        this.deliver(buffer, offset, length);
      },
      onText: () => this.refuseText(),
      onPing: (buffer, offset, length) => {
        if (this.isClosed) return;
        this.#sent.pong(buffer, offset, length);
        this.#loop.schedule(this);
      },
      onPeerClose: (code, reason) => {
        this.#peerHasClosed = true;
        if (this.isClosed) {
          this.flush();
          return;
        }
        this.onPeerClose(code, reason);
        this.shut(code === CloseCode.NONE ? CloseCode.NORMAL : code, '');
      },
      onViolation: (code, message) => {
        this.#peerHasClosed = true;
        const name = code === CloseCode.TOO_BIG ? 'ERR_FLYSOCKET_FRAME_TOO_LONG' : 'ERR_FLYSOCKET_WEBSOCKET_PROTOCOL';
        this.closeWith(new RSocketError(name, message, ErrorCode.CONNECTION_ERROR), code);
        this.flush();
      },
    };
  }

  /** The socket has taken what had to wait: what was committed since goes at once, the rest is for the next turn. */
  #onDrained(): void {
    this.flush();
    if (this.writableOwed) this.#loop.schedule(this);
  }

  #countReceived(counters: CounterBlock): void {
    counters.add(LinkCounter.FRAMES_RECEIVED, this.#framesReceived);
    counters.add(LinkCounter.BYTES_RECEIVED, this.#frameBytesReceived);
    this.#framesReceived = 0;
    this.#frameBytesReceived = 0;
  }

  /** One timer at a time, whichever message it was set for: it costs nothing while messages come in pieces quickly. */
  #watchPartial(): void {
    const { messages } = this.#received;
    this.#partialTimer = setTimeout(() => {
      this.#partialTimer = undefined;
      if (!this.#received.isPartial) return;
      if (this.#received.messages !== messages) {
        this.#watchPartial();
        return;
      }
      const message = `a message was not whole in time: ${this.#partialFrameTimeoutMs} ms`;
      this.closeWith(
        new RSocketError('ERR_FLYSOCKET_PARTIAL_FRAME', message, ErrorCode.CONNECTION_ERROR),
        CloseCode.PROTOCOL_ERROR,
      );
    }, this.#partialFrameTimeoutMs);
  }

  #onSocketClosed(): void {
    clearTimeout(this.#closeTimer);
    clearTimeout(this.#partialTimer);
    clearTimeout(this.#poolTimer);
    this.#sent.release();
    this.#received.release();
    this.onPeerClose(CloseCode.ABNORMAL, '', this.#socketError);
    this.end();
    this.counters?.detach();
  }
}
