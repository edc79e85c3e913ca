/** Valid frames on stream 0 after the beginning: KEEPALIVE, LEASE, METADATA_PUSH, and those without a place there. */
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import {
  type DirectBuffer,
  ErrorCode,
  FrameFlag,
  FrameType,
  KeepAliveFlyweight,
  lastReceivedPositionOf,
  MetadataPushFlyweight,
  numberOfRequestsOf,
  PayloadFlyweight,
  RSocketError,
  timeToLiveMsOf,
} from '../flyweight/index.ts';
import type { PeerParts } from './PeerParts.ts';
import type { RequestHandler } from './RequestHandler.ts';

export class ConnectionInbound {
  /** Who gets what is pushed. */
  handler: RequestHandler = {};
  readonly #parts: PeerParts;
  readonly #counters: CounterBlock;
  readonly #pushed: PayloadFlyweight = new PayloadFlyweight();
  readonly #report: (error: unknown) => void;

  /** @param report gets what a handler throws */
  constructor(parts: PeerParts, report: (error: unknown) => void) {
    this.#parts = parts;
    this.#counters = parts.counters;
    this.#report = report;
  }

  /** @throws RSocketError with an `errorCode`, if the peer has broken the connection */
  onFrame(type: number, flags: number, buffer: DirectBuffer, offset: number, length: number): void {
    switch (type) {
      case FrameType.KEEPALIVE:
        this.#onKeepAlive(flags, buffer, offset, length);
        break;
      case FrameType.LEASE:
        this.#onLease(buffer, offset);
        break;
      case FrameType.METADATA_PUSH:
        this.#onMetadataPush(buffer, offset, length);
        break;
      case FrameType.RESUME:
        throw new RSocketError('ERR_FLYSOCKET_RESUME', 'RESUME on a running connection', ErrorCode.CONNECTION_ERROR);
      case FrameType.EXT:
        if ((flags & FrameFlag.IGNORE) === 0) throw notUnderstood();
        this.#ignore();
        break;
      default:
        this.#ignore();
    }
  }

  #onKeepAlive(flags: number, buffer: DirectBuffer, offset: number, length: number): void {
    this.#counters.add(LinkCounter.KEEPALIVES_RECEIVED, 1);
    const { options, keepAlive } = this.#parts;
    options.positions?.onPeerReceived(lastReceivedPositionOf(buffer, offset));
    if ((flags & FrameFlag.RESPOND) === 0) return;
    const dataOffset = KeepAliveFlyweight.DATA_FIELD_OFFSET;
    keepAlive.answer(buffer, offset + dataOffset, length - dataOffset);
  }

  #onLease(buffer: DirectBuffer, offset: number): void {
    const { requesterLease, onRequestsAllowed } = this.#parts;
    if (requesterLease === undefined) {
      this.#ignore();
      return;
    }
    const timeToLiveMs = timeToLiveMsOf(buffer, offset);
    requesterLease.onLease(timeToLiveMs, numberOfRequestsOf(buffer, offset));
    onRequestsAllowed();
  }

  #onMetadataPush(buffer: DirectBuffer, offset: number, length: number): void {
    const { handler } = this;
    if (handler.metadataPush === undefined) {
      this.#ignore();
      return;
    }
    const metadataOffset = MetadataPushFlyweight.METADATA_FIELD_OFFSET;
    this.#pushed.clear().wrapMetadata(buffer, offset + metadataOffset, length - metadataOffset);
    try {
      handler.metadataPush(this.#pushed, this.#parts.rsocket);
    } catch (error) {
      this.#report(error);
    }
  }

  #ignore(): void {
    this.#counters.add(LinkCounter.FRAMES_IGNORED, 1);
  }
}

function notUnderstood(): RSocketError {
  const message = 'an extension frame that is not understood and may not be ignored';
  return new RSocketError('ERR_FLYSOCKET_FRAME_TYPE', message, ErrorCode.CONNECTION_ERROR);
}
