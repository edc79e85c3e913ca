/**
 * A connection of ours behind the interface of rsocket-core: frame objects on its side, frames in place on ours.
 *
 *   out   send(frame)  ->  FrameWriter  ->  OutboundQueue  ->  the transport's memory, or the queue while that is full
 *   in    onFrame      ->  FrameReader  ->  [held, until handlers are there]  ->  multiplexerDemultiplexer.handle
 *                              ^ payloads in fragments are put together first: InboundPayloads
 *
 * It is the `Outbound & Closeable` that factories of that library get, and the `DuplexConnection` that callers get.
 */
import type {
  Demultiplexer,
  Frame,
  DuplexConnection as LibraryConnection,
  FrameHandler as LibraryHandler,
  Multiplexer,
  Outbound,
} from 'rsocket-core';
import { type ReassemblerOptions, validateFrame } from '../../codec/index.ts';
import { LinkCounter } from '../../counters/index.ts';
import { type DirectBuffer, ErrorCode, FrameFlag, FrameType, RSocketError, streamIdOf } from '../../flyweight/index.ts';
import type { BufferPool } from '../../pool/index.ts';
import { type DuplexConnection, type FrameHandler, poolOfThisThread } from '../../transport/index.ts';
import { InboundPayloads } from '../InboundPayloads.ts';
import { COMPAT_HELD_BYTES, COMPAT_LINGER_TIMEOUT_MS, COMPAT_OUTBOUND_BYTES } from '../limits.ts';
import { OutboundQueue } from '../OutboundQueue.ts';
import type { AnyFrame } from './AnyFrame.ts';
import { Closing } from './Closing.ts';
import { FrameReader } from './FrameReader.ts';
import { FrameWriter } from './FrameWriter.ts';

/** What gets the frames of a connection in rsocket-core. */
export type Streams = Multiplexer & Demultiplexer & LibraryHandler;

/** What every transport of this folder may be told beside what the original takes; all of it has a default. */
export interface FrameConnectionOptions {
  /** Memory for what waits, and for payloads in fragments. Default `poolOfThisThread()`. */
  readonly pool?: BufferPool | undefined;
  /** Bytes that may wait for room before the connection is closed. Default `COMPAT_OUTBOUND_BYTES`. */
  readonly maxOutboundBytes?: number | undefined;
  /** Bytes of frames that may wait for handlers. Default `COMPAT_HELD_BYTES`. */
  readonly maxHeldBytes?: number | undefined;
  /** Longest payload in fragments that is put together. Default `DEFAULT_MAX_REASSEMBLED_LENGTH`. */
  readonly maxPayloadLength?: number | undefined;
  /** Memory of unfinished payloads. Default `DEFAULT_MAX_REASSEMBLY_BYTES`. */
  readonly maxReassemblyBytes?: number | undefined;
  /** How long what waits may still leave after `close`. Default `COMPAT_LINGER_TIMEOUT_MS`. */
  readonly closeLingerTimeoutMs?: number | undefined;
}

/** Bytes charged for each held frame beside its own. */
const HELD_OVERHEAD_BYTES = 128;

export class FrameConnection extends Closing implements LibraryConnection, Outbound, FrameHandler {
  /** Set by whoever makes the connection, before any frame is delivered. */
  multiplexerDemultiplexer!: Streams;
  readonly #connection: DuplexConnection;
  readonly #queue: OutboundQueue;
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader = new FrameReader();
  readonly #payloads: InboundPayloads;
  /** The lowest bit of the ids of this side's requests. */
  readonly #ownParity: 0 | 1;
  readonly #maxHeldBytes: number;
  readonly #lingerTimeoutMs: number;
  /** Who gets the first frame; undefined once it has come, and on the client's side. */
  #onFirst: ((frame: AnyFrame) => void) | undefined;
  /** Frames that wait for handlers; undefined once these are there. */
  #held: AnyFrame[] | undefined = [];
  #heldBytes = 0;
  #lingerTimer: NodeJS.Timeout | undefined = undefined;

  /**
   * @param connection gets this as its receiver, at once
   * @param onFirst on the server's side: gets the first frame, which is then not delivered
   */
  constructor(
    connection: DuplexConnection,
    options: FrameConnectionOptions,
    onFirst: ((frame: AnyFrame) => void) | undefined,
  ) {
    super();
    const { pool = poolOfThisThread(), maxPayloadLength, maxReassemblyBytes } = options;
    this.#connection = connection;
    this.#onFirst = onFirst;
    this.#maxHeldBytes = options.maxHeldBytes ?? COMPAT_HELD_BYTES;
    this.#lingerTimeoutMs = options.closeLingerTimeoutMs ?? COMPAT_LINGER_TIMEOUT_MS;
    this.#queue = new OutboundQueue(connection, pool, options.maxOutboundBytes ?? COMPAT_OUTBOUND_BYTES, (error) => {
      this.#queue.close();
      this.close(error);
    });
    this.#writer = new FrameWriter(this.#queue, connection.maxFrameLength);
    this.#ownParity = onFirst === undefined ? 1 : 0;
    const limits: ReassemblerOptions = { maxPayloadLength, maxBytesPerConnection: maxReassemblyBytes };
    this.#payloads = new InboundPayloads(pool, limits, (streamId, error) => this.#failStream(streamId, error));
    connection.receive(this);
  }

  get availability(): number {
    return this.done ? 0 : 1;
  }

  /**
   * Sends a frame; once the connection is closed that does nothing. There is no waiting: what the transport does not
   * take is kept, and beyond `maxOutboundBytes` the connection is closed with ERR_FLYSOCKET_OUTBOUND_FULL.
   * @throws TypeError, RSocketError as `FrameWriter.write`; nothing is sent then
   */
  send(frame: Frame): void {
    if (this.done) return;
    const { type, streamId } = frame as AnyFrame;
    try {
      const frames = this.#writer.write(frame as AnyFrame);
      if (frames > 1) this.#connection.counters?.add(LinkCounter.FRAGMENTS_SENT, frames);
    } catch (error) {
      // Without its SETUP a connection is good for nothing, and nobody else has it yet who could close it.
      if (type === FrameType.SETUP) this.close(error as Error);
      throw error;
    }
    if (type === FrameType.CANCEL || type === FrameType.ERROR) this.#payloads.discard(streamId);
  }

  /**
   * Ends the connection: what was sent still leaves, within `closeLingerTimeoutMs`. A second call does nothing.
   * @param error told to everybody who listens to `onClose`, and to no peer
   */
  override close(error?: Error): void {
    if (this.done) return;
    this.#held = undefined;
    this.#payloads.close();
    super.close(error);
    if (this.#queue.isEmpty) this.#connection.close();
    else this.#lingerTimer = setTimeout(() => this.#connection.close(), this.#lingerTimeoutMs);
  }

  /** Handlers are there: delivers what was held, and then whatever comes. */
  deliver(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const frame of held) this.#handle(frame);
  }

  /** Ends the connection, and nobody hears of it: nobody has it yet. */
  discard(): void {
    this.vanish();
    this.#held = undefined;
    this.#payloads.close();
    this.#connection.close();
  }

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    if (this.done) return;
    let frame: AnyFrame | undefined;
    try {
      frame = this.#read(buffer, offset, length);
    } catch (error) {
      this.#refuse(error as RSocketError, buffer, offset);
      return;
    }
    if (frame === undefined) return;
    if (this.#onFirst !== undefined) {
      const onFirst = this.#onFirst;
      this.#onFirst = undefined;
      onFirst(frame);
    } else if (this.#held !== undefined) {
      this.#hold(this.#held, frame, length);
    } else {
      this.#handle(frame);
    }
  }

  onWritable(): void {
    if (this.#queue.drain() && this.done) this.#connection.close();
  }

  onClosed(error: RSocketError | undefined): void {
    clearTimeout(this.#lingerTimer);
    this.#queue.close();
    this.close(error ?? new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', 'the peer has closed the connection'));
  }

  /** @returns undefined for a frame that is to be ignored, and for a fragment that is not the last */
  #read(buffer: DirectBuffer, offset: number, length: number): AnyFrame | undefined {
    if (!validateFrame(buffer, offset, length)) {
      this.#connection.counters?.add(LinkCounter.FRAMES_IGNORED, 1);
      return undefined;
    }
    const payloads = this.#payloads;
    if (payloads.isFragment(buffer, offset)) {
      this.#connection.counters?.add(LinkCounter.FRAGMENTS_RECEIVED, 1);
      const whole = payloads.accept(buffer, offset, length);
      if (whole === null) return undefined;
      const frame = this.#reader.whole(whole);
      whole.release();
      return frame;
    }
    return this.#reader.read(buffer, offset, length);
  }

  #handle(frame: AnyFrame): void {
    if (this.done) return;
    const { type, streamId } = frame;
    if (type === FrameType.CANCEL || type === FrameType.ERROR) this.#payloads.discard(streamId);
    // That library answers an extension of the connection with an ERROR, though it may be ignored.
    if (type === FrameType.EXT && streamId === 0 && (frame.flags & FrameFlag.IGNORE) !== 0) return;
    try {
      this.multiplexerDemultiplexer.handle(frame as unknown as Frame);
    } catch (error) {
      this.close(error as Error);
    }
  }

  #hold(held: AnyFrame[], frame: AnyFrame, length: number): void {
    this.#heldBytes += length + HELD_OVERHEAD_BYTES;
    if (this.#heldBytes <= this.#maxHeldBytes) {
      held.push(frame);
      return;
    }
    const message = `more than ${this.#maxHeldBytes} bytes of frames before there were handlers`;
    this.#end(new RSocketError('ERR_FLYSOCKET_HELD_FULL', message, ErrorCode.CONNECTION_ERROR));
  }

  /** What could not be read: the stream's fault, or the connection's. */
  #refuse(error: RSocketError, buffer: DirectBuffer, offset: number): void {
    const { errorCode } = error;
    const isOfStream = errorCode === ErrorCode.INVALID || errorCode === ErrorCode.REJECTED;
    if (isOfStream && this.#onFirst === undefined) this.#failStream(streamIdOf(buffer, offset), error);
    else this.#end(error);
  }

  /** Ends a stream on both sides. */
  #failStream(streamId: number, { errorCode = ErrorCode.INVALID, message }: RSocketError): void {
    const error = { type: FrameType.ERROR, flags: 0, streamId, code: errorCode, message };
    const isOurs = (streamId & 1) === this.#ownParity;
    this.send((isOurs ? { type: FrameType.CANCEL, flags: 0, streamId } : error) as unknown as Frame);
    if (this.#held === undefined) this.#handle(error);
    else this.#hold(this.#held, error, 0);
  }

  /** Tells the peer why, and ends the connection. */
  #end(error: RSocketError): void {
    const { errorCode: code, message } = error;
    if (code !== undefined)
      this.send({ type: FrameType.ERROR, flags: 0, streamId: 0, code, message } as unknown as Frame);
    this.close(error);
  }
}
