/**
 * What both kinds of WebSocket connection have in common: the open claim, the handler, and the end.
 *
 *   open --close() or the peer's Close--> closed: nothing is claimed, what was committed leaves --end()--> ended
 */
import { encodeError, lengthOfError } from '../codec/index.ts';
import { type DirectBuffer, EMPTY_BUFFER, ErrorCode, RSocketError } from '../flyweight/index.ts';
import {
  BACK_PRESSURED,
  CLOSED,
  type DuplexConnection,
  type FrameHandler,
  MIN_CONNECTION_FRAME_LENGTH,
} from '../transport/index.ts';
import { CloseCode } from './CloseCode.ts';
import { frameLimit } from './frameLimit.ts';

export abstract class MessageConnection implements DuplexConnection {
  buffer: DirectBuffer = EMPTY_BUFFER;
  readonly maxFrameLength: number;
  readonly onClose: Promise<RSocketError | undefined>;
  protected handler: FrameHandler | undefined = undefined;
  protected isClosed = false;
  protected isEnded = false;
  protected writableOwed = false;
  protected claimIndex = -1;
  #claimLength = 0;
  #told = false;
  /** What ends the connection, once that is known. */
  #error: RSocketError | undefined = undefined;
  #settle!: (error: RSocketError | undefined) => void;

  /** @throws RSocketError ERR_FLYSOCKET_FRAME_LIMIT if that is not from 64 to 16,777,215 */
  constructor(maxFrameLength: number | undefined) {
    this.maxFrameLength = Math.max(frameLimit(maxFrameLength), MIN_CONNECTION_FRAME_LENGTH);
    this.onClose = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Finds room in `buffer`. @returns the index of the frame's first byte, or -1 if there is none now */
  protected abstract place(length: number, alignment: number): number;
  /** Sends what was written there; a length of -1 gives the place back. */
  protected abstract send(index: number, length: number): void;
  /** Sees to it that `tellWritable` is called in a later turn. */
  protected abstract wait(): void;
  /** Sends what was committed, then a Close, and calls `end` when the socket has ended, or after a while anyway. */
  protected abstract shut(code: number, reason: string): void;
  protected abstract start(): void;
  abstract readonly bytesReceived: number;
  abstract flush(): void;

  tryClaim(length: number, alignment: number): number {
    if (this.isClosed) return CLOSED;
    if (this.claimIndex >= 0) throw new RSocketError('ERR_FLYSOCKET_CLAIM_OPEN', 'a claim is already open');
    if (length > this.maxFrameLength) {
      const message = `frame too long: length=${length}, maxFrameLength=${this.maxFrameLength}`;
      throw new RSocketError('ERR_FLYSOCKET_FRAME_TOO_LONG', message);
    }
    const index = this.place(length, alignment);
    if (index < 0) {
      this.awaitWritable();
      return BACK_PRESSURED;
    }
    this.claimIndex = index;
    this.#claimLength = length;
    return index;
  }

  commit(index: number): void {
    if (this.#endClaim(index)) this.send(index, this.#claimLength);
  }

  abort(index: number): void {
    if (this.#endClaim(index)) this.send(index, -1);
  }

  awaitWritable(): void {
    this.writableOwed = true;
    this.wait();
  }

  receive(handler: FrameHandler): void {
    this.handler = handler;
    if (this.isEnded) queueMicrotask(() => this.#tell());
    else this.start();
  }

  yieldSoon(): void {
    // Each message is delivered in a turn of its own, or with those that arrived along with it.
  }

  close(error?: RSocketError): void {
    if (this.isClosed) return;
    let code: number = CloseCode.NORMAL;
    if (error !== undefined) {
      const isPeersFault = error.errorCode === ErrorCode.CONNECTION_ERROR;
      code = isPeersFault ? CloseCode.PROTOCOL_ERROR : CloseCode.INTERNAL_ERROR;
    }
    this.closeWith(error, code);
  }

  protected closeWith(error: RSocketError | undefined, code: number): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.claimIndex = -1;
    this.#error = error;
    this.shut(code, error === undefined ? '' : error.code);
  }

  protected deliver(buffer: DirectBuffer, offset: number, length: number): void {
    if (this.isClosed) return;
    try {
      (this.handler as FrameHandler).onFrame(buffer, offset, length);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  protected tellWritable(): void {
    if (!this.writableOwed || this.isClosed || this.handler === undefined) return;
    this.writableOwed = false;
    try {
      this.handler.onWritable();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** RSocket goes in binary messages only: the peer is told so by an ERROR on stream 0, if there is room for one. */
  protected refuseText(): void {
    if (this.isClosed) return;
    const text = 'a text message';
    const index = this.claimIndex < 0 ? this.tryClaim(lengthOfError(text), 0) : -1;
    if (index >= 0) {
      encodeError(this.buffer, index, 0, ErrorCode.CONNECTION_ERROR, text);
      this.commit(index);
    }
    const error = new RSocketError('ERR_FLYSOCKET_TEXT_MESSAGE', text, ErrorCode.CONNECTION_ERROR);
    this.closeWith(error, CloseCode.UNSUPPORTED_DATA);
  }

  /** The peer has sent Close, or the socket has ended without one (1006). */
  protected onPeerClose(code: number, reason: string, cause?: unknown): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.claimIndex = -1;
    if (code === CloseCode.NORMAL || code === CloseCode.GOING_AWAY || code === CloseCode.NONE) return;
    const message = `WebSocket closed: code=${code}, reason="${reason}"`;
    this.#error = new RSocketError('ERR_FLYSOCKET_CONNECTION_LOST', message, undefined, { cause });
  }

  /** Nothing goes out or comes in any more. */
  protected end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#settle(this.#error);
    this.#tell();
  }

  /** @returns true if that claim was open; false if the end of the connection has taken it: that is nobody's mistake */
  #endClaim(index: number): boolean {
    if (this.isClosed) return false;
    if (index !== this.claimIndex || index < 0) {
      const message = `no such claim: index=${index}, open=${this.claimIndex}`;
      throw new RSocketError('ERR_FLYSOCKET_NO_CLAIM', message);
    }
    this.claimIndex = -1;
    return true;
  }

  #fail(thrown: unknown): void {
    const message = 'the handler of a frame threw';
    const failure = new RSocketError('ERR_FLYSOCKET_HANDLER_FAILED', message, undefined, { cause: thrown });
    this.close(thrown instanceof RSocketError ? thrown : failure);
  }

  #tell(): void {
    if (this.#told || this.handler === undefined) return;
    this.#told = true;
    try {
      this.handler.onClosed(this.#error);
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}
