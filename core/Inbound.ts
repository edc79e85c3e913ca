/**
 * The way in: each frame is checked and handed to the part that knows its kind. A frame that the protocol tells us to
 * ignore is ignored; one that breaks it ends the connection.
 *
 *   AT_ENTRANCE  a server before it has let its client in: see `Entrance`
 *   HOPEFUL      a client that has heard nothing yet which a server says only to those it has let in
 *   OPEN         everybody else
 *   OVER         the connection has ended, or the peer has broken it: no frame is looked at any more
 */
import { validateFrame } from '../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import {
  type DirectBuffer,
  ErrorCode,
  ErrorFlyweight,
  errorCodeOf,
  FrameHeaderFlyweight,
  FrameType,
  flagsOf,
  RSocketError,
  requestNOf,
  streamIdOf,
  typeAndFlagsOf,
  typeOf,
} from '../flyweight/index.ts';
import { ConnectionInbound } from './ConnectionInbound.ts';
import { connectionError, isSetupErrorCode } from './connectionError.ts';
import { Entrance } from './Entrance.ts';
import { MAX_ACCEPTED_LIFETIME_MS } from './limits.ts';
import type { PeerParts } from './PeerParts.ts';
import type { RequestHandler } from './RequestHandler.ts';
import type { Setup } from './Setup.ts';
import type { Stream } from './Stream.ts';
import { StreamInbound } from './StreamInbound.ts';

const OPEN = 0;
const HOPEFUL = 1;
const AT_ENTRANCE = 2;
const OVER = 3;

export class Inbound {
  readonly streams: StreamInbound;
  readonly #parts: PeerParts;
  readonly #counters: CounterBlock;
  readonly #connectionFrames: ConnectionInbound;
  readonly #entrance: Entrance | undefined;
  readonly #onLetIn: (setup: Setup) => void;
  #phase: number;

  /** @param onLetIn told when a server has accepted its client, before any frame of that is looked at */
  constructor(parts: PeerParts, onLetIn: (setup: Setup) => void) {
    this.#parts = parts;
    this.#onLetIn = onLetIn;
    this.#counters = parts.counters;
    const { options } = parts;
    this.streams = new StreamInbound(parts);
    this.#connectionFrames = new ConnectionInbound(parts, (error) => this.streams.report(error));
    if (options.handler !== undefined) this.#answerWith(options.handler);
    this.#phase = options.setup === undefined ? OPEN : HOPEFUL;
    if (options.entrance === undefined) return;
    this.#phase = AT_ENTRANCE;
    this.#entrance = new Entrance(options.entrance, options.pool, parts.clock, options.lease !== undefined, {
      onAccepted: (setup, handler) => this.#letIn(setup, handler),
      onRefused: (error) => this.breakOff(error),
    });
  }

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    if (this.#phase !== OPEN && !this.#passes(buffer, offset, length)) return;
    try {
      if (validateFrame(buffer, offset, length)) this.#dispatch(buffer, offset, length);
      else this.#ignore();
    } catch (error) {
      if (!(error instanceof RSocketError)) throw error;
      if (error.errorCode === ErrorCode.INVALID) {
        this.streams.onInvalidRequest(streamIdOf(buffer, offset), error);
      } else {
        this.breakOff(error);
      }
    }
  }

  /** Tells the peer what it did, and ends the connection. */
  breakOff(error: RSocketError): void {
    if (this.#phase === OVER) return;
    const { errorCode = ErrorCode.CONNECTION_ERROR } = error;
    const isOutOfPlace = isSetupErrorCode(errorCode) && this.#phase !== AT_ENTRANCE;
    this.#phase = OVER;
    this.#parts.control.error(0, isOutOfPlace ? ErrorCode.CONNECTION_ERROR : errorCode, error.message);
    this.#parts.connection.close(error);
  }

  signalWritable(stream: Stream): void {
    this.streams.signalWritable(stream);
  }

  /** The connection has ended: so has every stream, once. */
  close(error: RSocketError | undefined): void {
    this.#phase = OVER;
    this.#entrance?.close();
    this.streams.close(error);
  }

  /** @returns true if the frame is to be looked at as on any open connection */
  #passes(buffer: DirectBuffer, offset: number, length: number): boolean {
    if (this.#phase === AT_ENTRANCE) {
      (this.#entrance as Entrance).onFrame(buffer, offset, length);
      return false;
    }
    if (this.#phase === OVER) return false;
    if (saysLetIn(buffer, offset, length)) this.#phase = OPEN;
    return true;
  }

  #letIn(setup: Setup, handler: RequestHandler): void {
    const { options, keepAlive } = this.#parts;
    this.#answerWith(handler);
    const longestMs = options.entrance?.maxLifetimeMs ?? MAX_ACCEPTED_LIFETIME_MS;
    keepAlive.start(0, Math.min(setup.maxLifetimeMs, longestMs));
    this.#onLetIn(setup);
    options.entrance?.onAccepted?.();
    this.#phase = OPEN;
    this.#entrance?.replay((buffer, offset, length) => this.onFrame(buffer, offset, length));
  }

  #answerWith(handler: RequestHandler): void {
    this.streams.answerWith(handler);
    this.#connectionFrames.handler = handler;
  }

  #dispatch(buffer: DirectBuffer, offset: number, length: number): void {
    const typeAndFlags = typeAndFlagsOf(buffer, offset);
    const type = typeOf(typeAndFlags);
    const flags = flagsOf(typeAndFlags);
    const streamId = streamIdOf(buffer, offset);
    switch (type) {
      case FrameType.PAYLOAD:
        this.streams.onPayload(streamId, flags, buffer, offset, length);
        break;
      case FrameType.REQUEST_RESPONSE:
      case FrameType.REQUEST_FNF:
      case FrameType.REQUEST_STREAM:
      case FrameType.REQUEST_CHANNEL:
        this.streams.onRequest(type, streamId, flags, buffer, offset, length);
        break;
      case FrameType.REQUEST_N:
        this.streams.onRequestN(streamId, requestNOf(buffer, offset));
        break;
      case FrameType.CANCEL:
        this.streams.onCancel(streamId);
        break;
      case FrameType.ERROR:
        this.#onError(streamId, buffer, offset, length);
        break;
      default:
        this.#connectionFrames.onFrame(type, flags, buffer, offset, length);
    }
  }

  #onError(streamId: number, buffer: DirectBuffer, offset: number, length: number): void {
    this.#counters.add(LinkCounter.ERRORS_RECEIVED, 1);
    const errorCode = errorCodeOf(buffer, offset);
    const dataOffset = ErrorFlyweight.DATA_FIELD_OFFSET;
    const message = buffer.getUtf8(offset + dataOffset, length - dataOffset);
    if (streamId !== 0) {
      this.streams.onError(streamId, errorCode, message);
    } else if (errorCode === ErrorCode.CONNECTION_CLOSE) {
      this.#parts.shutdown.onPeerCloses();
    } else if (isSetupErrorCode(errorCode) && this.#phase !== HOPEFUL) {
      this.#ignore();
    } else {
      this.#phase = OVER;
      this.#parts.connection.close(connectionError(errorCode, message));
    }
  }

  #ignore(): void {
    this.#counters.add(LinkCounter.FRAMES_IGNORED, 1);
  }
}

/** True for a frame that a server sends only to a client that it has let in. */
function saysLetIn(buffer: DirectBuffer, offset: number, length: number): boolean {
  if (length < FrameHeaderFlyweight.HEADER_LENGTH || streamIdOf(buffer, offset) !== 0) return true;
  const type = typeOf(typeAndFlagsOf(buffer, offset));
  return type !== FrameType.KEEPALIVE && type !== FrameType.ERROR;
}
