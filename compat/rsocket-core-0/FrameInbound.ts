/**
 * The way in: each frame is checked, put together if it came in fragments, and handed on as an object. What is to be
 * ignored by the specification goes no further; neither does EXT, which rsocket-core would take for the end.
 *
 * Fragments are put together here and not by rsocket-core: that one decodes each by itself, so that a character which
 * two of them share is lost, and copies all that it has for each that comes.
 */
import { lengthOfRequest, type Reassembly, validateFrame } from '../../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../../counters/index.ts';
import {
  type DirectBuffer,
  ErrorCode,
  FrameFlag,
  FrameType,
  RSocketError,
  streamIdOf,
  typeAndFlagsOf,
  typeOf,
} from '../../flyweight/index.ts';
import type { BufferPool } from '../../pool/index.ts';
import { InboundPayloads } from '../InboundPayloads.ts';
import type { Frame } from './Frame.ts';
import type { FrameReader } from './FrameReader.ts';

/** Who is told of what came. */
export interface FrameListener {
  onInbound(frame: Frame): void;
  /** A payload of this stream could not be taken: both ends of the stream are to hear of it. */
  onStreamFailed(streamId: number, isRequest: boolean, error: RSocketError): void;
  /** The peer broke the protocol. */
  onConnectionFailed(error: RSocketError): void;
}

export class FrameInbound {
  readonly #reader: FrameReader;
  readonly #listener: FrameListener;
  readonly #counters: CounterBlock | undefined;
  readonly #payloads: InboundPayloads;

  /**
   * @param pool memory for payloads that are not whole yet
   * @param counters of kind LINK, if there are any
   */
  constructor(reader: FrameReader, pool: BufferPool, counters: CounterBlock | undefined, listener: FrameListener) {
    this.#reader = reader;
    this.#listener = listener;
    this.#counters = counters;
    this.#payloads = new InboundPayloads(pool, {}, (streamId, error) =>
      listener.onStreamFailed(streamId, false, error),
    );
  }

  /** The frame's bytes are read before this returns. @throws whatever an encoder throws */
  accept(buffer: DirectBuffer, offset: number, length: number): void {
    let frame: Frame | undefined;
    try {
      frame = this.#read(buffer, offset, length);
    } catch (error) {
      if (!(error instanceof RSocketError)) throw error;
      this.#fail(buffer, offset, error);
      return;
    }
    if (frame !== undefined) this.#listener.onInbound(frame);
  }

  /** Forgets what a stream has sent of an unfinished payload: the stream is over. */
  discard(streamId: number): void {
    this.#payloads.discard(streamId);
  }

  /** Drops what is unfinished and takes no more fragments. */
  close(): void {
    this.#payloads.close();
  }

  #read(buffer: DirectBuffer, offset: number, length: number): Frame | undefined {
    if (!validateFrame(buffer, offset, length)) return this.#ignore();
    if (this.#payloads.isFragment(buffer, offset)) {
      this.#counters?.add(LinkCounter.FRAGMENTS_RECEIVED, 1);
      const whole = this.#payloads.accept(buffer, offset, length);
      return whole === null ? undefined : this.#readWhole(whole);
    }
    const typeAndFlags = typeAndFlagsOf(buffer, offset);
    const type = typeOf(typeAndFlags);
    if (type === FrameType.EXT) {
      if ((typeAndFlags & FrameFlag.IGNORE) !== 0) return this.#ignore();
      const message = 'an extension frame that is not understood and may not be ignored';
      throw new RSocketError('ERR_FLYSOCKET_FRAME_TYPE', message, ErrorCode.CONNECTION_ERROR);
    }
    if (type === FrameType.CANCEL || type === FrameType.ERROR) this.discard(streamIdOf(buffer, offset));
    return this.#reader.read(buffer, offset, length);
  }

  #readWhole(whole: Reassembly): Frame {
    const { type, flags, streamId, initialRequestN, payload } = whole;
    try {
      const length = lengthOfRequest(type, payload);
      return this.#reader.readPayload(type, flags, streamId, initialRequestN, payload, length);
    } finally {
      whole.release();
    }
  }

  #fail(buffer: DirectBuffer, offset: number, error: RSocketError): void {
    const { errorCode } = error;
    if (errorCode !== ErrorCode.INVALID && errorCode !== ErrorCode.REJECTED) {
      this.#listener.onConnectionFailed(error);
      return;
    }
    const isRequest = typeOf(typeAndFlagsOf(buffer, offset)) !== FrameType.PAYLOAD;
    this.#listener.onStreamFailed(streamIdOf(buffer, offset), isRequest, error);
  }

  #ignore(): undefined {
    this.#counters?.add(LinkCounter.FRAMES_IGNORED, 1);
    return undefined;
  }
}
