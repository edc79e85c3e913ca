/** An open connection of flysocket, on which frames are objects: what `FlowableConnection` has below it. */
import { type DirectBuffer, ErrorCode, FrameType, RSocketError } from '../../flyweight/index.ts';
import type { BufferPool } from '../../pool/index.ts';
import type { DuplexConnection, FrameHandler } from '../../transport/index.ts';
import { COMPAT_LINGER_TIMEOUT_MS } from '../limits.ts';
import { OutboundQueue } from '../OutboundQueue.ts';
import type { Encoders } from './Encoders.ts';
import type { Frame } from './Frame.ts';
import { FrameInbound, type FrameListener } from './FrameInbound.ts';
import { FrameReader } from './FrameReader.ts';
import { FrameWriter } from './FrameWriter.ts';

/** What a line is made of, and who uses it. */
interface FrameLineParts {
  /** It belongs to the line from now on. */
  readonly connection: DuplexConnection;
  readonly encoders: Encoders | undefined;
  /** Memory for what waits, in either direction. */
  readonly pool: BufferPool;
  readonly maxOutboundBytes: number;
  /** This end opened the connection: the streams that it begins are odd. */
  readonly isClient: boolean;
  /** Gets each frame that came. What it throws ends the line. */
  readonly onFrame: (frame: Frame) => void;
  /** The line is to be left, for that reason: the peer has closed it, has died, broke the rules or does not read. */
  readonly onEnd: (error: Error) => void;
}

export class FrameLine implements FrameHandler, FrameListener {
  readonly #parts: FrameLineParts;
  readonly #queue: OutboundQueue;
  readonly #writer: FrameWriter;
  readonly #inbound: FrameInbound;
  #isReading = false;
  #isLeft = false;
  #lingerTimer: NodeJS.Timeout | undefined = undefined;

  constructor(parts: FrameLineParts) {
    const { connection, encoders, pool, maxOutboundBytes } = parts;
    this.#parts = parts;
    this.#queue = new OutboundQueue(connection, pool, maxOutboundBytes, parts.onEnd);
    this.#writer = new FrameWriter(this.#queue, encoders, connection);
    this.#inbound = new FrameInbound(new FrameReader(encoders), pool, connection.counters, this);
  }

  /** Frames are taken from the transport from now on. */
  read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#parts.connection.receive(this);
  }

  /** Sends a frame, or lets it wait. @throws as `FrameWriter.write` */
  write(frame: Frame): void {
    if (this.#isLeft) return;
    const { type, streamId } = frame;
    this.#writer.write(frame);
    if (type === FrameType.CANCEL || type === FrameType.ERROR) this.#inbound.discard(streamId);
  }

  /**
   * Ends the connection. What waits may still leave for a while, unless it is too much already; what comes is dropped.
   * @param error that ends it, or undefined
   */
  leave(error: Error | undefined): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#inbound.close();
    const reason = error instanceof RSocketError ? error : undefined;
    const isHopeless = reason?.code === 'ERR_FLYSOCKET_OUTBOUND_FULL' || !this.#isReading;
    if (this.#queue.drain() || isHopeless) {
      this.#close(reason);
      return;
    }
    this.#lingerTimer = setTimeout(() => this.#close(reason), COMPAT_LINGER_TIMEOUT_MS);
  }

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    if (this.#isLeft) return;
    try {
      this.#inbound.accept(buffer, offset, length);
    } catch (error) {
      this.#parts.onEnd(error as Error);
    }
    this.#parts.connection.yieldSoon();
  }

  onWritable(): void {
    if (this.#queue.drain() && this.#isLeft) this.#close(undefined);
  }

  onClosed(error: RSocketError | undefined): void {
    const message = 'the peer has closed the connection';
    if (!this.#isLeft) this.#parts.onEnd(error ?? new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', message));
    clearTimeout(this.#lingerTimer);
    this.#queue.close();
  }

  onInbound(frame: Frame): void {
    this.#parts.onFrame(frame);
  }

  onStreamFailed(streamId: number, isRequest: boolean, error: RSocketError): void {
    const { onFrame, isClient } = this.#parts;
    const isOurs = (streamId & 1) === (isClient ? 1 : 0);
    const cancel: Frame = { flags: 0, streamId, type: FrameType.CANCEL };
    this.write(isOurs ? cancel : this.#errorFrame(streamId, error));
    if (isRequest) return;
    onFrame(this.#errorFrame(streamId, error));
    if (!isOurs) onFrame(cancel);
  }

  onConnectionFailed(error: RSocketError): void {
    this.write(this.#errorFrame(0, error));
    this.#parts.onEnd(error);
  }

  #errorFrame(streamId: number, { errorCode = ErrorCode.CONNECTION_ERROR, message }: RSocketError): Frame {
    const isForServers = errorCode === ErrorCode.INVALID_SETUP && this.#parts.isClient;
    const code = isForServers ? ErrorCode.CONNECTION_ERROR : errorCode;
    return { code, flags: 0, message, streamId, type: FrameType.ERROR };
  }

  #close(reason: RSocketError | undefined): void {
    clearTimeout(this.#lingerTimer);
    this.#queue.close();
    this.#parts.connection.close(reason);
  }
}
