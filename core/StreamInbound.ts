/**
 * Valid frames on streams: the stream is found, and the signal given. Those that the protocol tells us to ignore are
 * ignored; one that breaks the rules of its stream ends that stream.
 */
import { decodePayload, Reassembler, type Reassembly } from '../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import {
  type DirectBuffer,
  ErrorCode,
  FrameFlag,
  FrameType,
  initialRequestNOf,
  PayloadFlyweight,
  RSocketError,
} from '../flyweight/index.ts';
import type { ControlFrames } from './ControlFrames.ts';
import type { InboundCredit } from './InboundCredit.ts';
import { PARTIAL_PAYLOAD_TIMEOUT_MS } from './limits.ts';
import type { Outbound } from './Outbound.ts';
import { PartialPayloads } from './PartialPayloads.ts';
import { throwLater } from './PeerOptions.ts';
import type { PeerParts } from './PeerParts.ts';
import { ProvokedErrors } from './ProvokedErrors.ts';
import { RequestAcceptor } from './RequestAcceptor.ts';
import type { RequestHandler } from './RequestHandler.ts';
import { INBOUND_OPEN, OUTBOUND_OPEN, REQUESTER, SINGLE, type Stream } from './Stream.ts';
import type { StreamSubscriber } from './StreamSubscriber.ts';
import type { Streams } from './Streams.ts';
import { streamError } from './streamError.ts';

export class StreamInbound {
  readonly #provoked: ProvokedErrors;
  readonly #streams: Streams;
  readonly #outbound: Outbound;
  readonly #control: ControlFrames;
  readonly #credit: InboundCredit;
  readonly #counters: CounterBlock;
  readonly #acceptor: RequestAcceptor;
  readonly #onUncaught: (error: unknown) => void;
  readonly #reassembler: Reassembler;
  readonly #partialPayloads: PartialPayloads;
  /** The view that subscribers and handlers get; one frame is handled at a time. */
  readonly #payload: PayloadFlyweight = new PayloadFlyweight();

  constructor(parts: PeerParts) {
    const { options } = parts;
    this.#streams = parts.streams;
    this.#outbound = parts.outbound;
    this.#credit = parts.credit;
    this.#control = parts.control;
    this.#counters = parts.counters;
    this.#provoked = new ProvokedErrors(parts);
    this.#acceptor = new RequestAcceptor(parts, this.#provoked);
    this.#onUncaught = options.onUncaught ?? throwLater;
    const { pool, maxPayloadLength, maxReassemblyBytes } = options;
    this.#reassembler = new Reassembler(pool, { maxPayloadLength, maxBytesPerConnection: maxReassemblyBytes });
    const { partialPayloadTimeoutMs = PARTIAL_PAYLOAD_TIMEOUT_MS } = options;
    this.#partialPayloads = new PartialPayloads(this.#reassembler, parts.clock, partialPayloadTimeoutMs, (streamId) =>
      this.#onOverdue(streamId, partialPayloadTimeoutMs),
    );
  }

  /** Who answers requests from now on. */
  answerWith(handler: RequestHandler): void {
    this.#acceptor.handler = handler;
  }

  get reassemblingBytes(): number {
    return this.#reassembler.pendingBytes;
  }

  onInvalidRequest(streamId: number, error: RSocketError): void {
    if (this.#isNew(streamId)) this.#provoked.answer(streamId, ErrorCode.INVALID, error.message);
    else this.#ignore();
  }

  /** True if the peer may begin a stream with that id now. */
  #isNew(streamId: number): boolean {
    const streams = this.#streams;
    if (!streams.isPeers(streamId) || (streams.size !== 0 && streams.get(streamId) !== undefined)) return false;
    return this.#reassembler.pendingStreams === 0 || !this.#reassembler.isPending(streamId);
  }

  onPayload(streamId: number, flags: number, buffer: DirectBuffer, offset: number, length: number): void {
    const reassembler = this.#reassembler;
    if ((flags & FrameFlag.FOLLOWS) !== 0 || (reassembler.pendingStreams !== 0 && reassembler.isPending(streamId))) {
      this.#onFragment(FrameType.PAYLOAD, streamId, flags, buffer, offset, length);
      return;
    }
    const stream = this.#streams.get(streamId);
    if (stream === undefined || (stream.state & INBOUND_OPEN) === 0) {
      this.#ignore();
      return;
    }
    decodePayload(buffer, offset, length, this.#payload);
    this.#deliver(stream, streamId, flags, this.#payload);
  }

  #deliver(stream: Stream, streamId: number, flags: number, payload: PayloadFlyweight): void {
    const subscriber = stream.subscriber;
    let complete = (flags & FrameFlag.COMPLETE) !== 0;
    if ((flags & FrameFlag.NEXT) !== 0) {
      if ((stream.state & SINGLE) !== 0) complete = true;
      else if (!this.#useCredit(stream)) return;
      // The stream is gone before its last item is shown, so a new request made there finds everything in order.
      if (complete) this.endInbound(stream);
      try {
        subscriber.onNext(payload, streamId);
      } catch (error) {
        this.#failed(streamId, error);
        return;
      }
    } else if (complete) {
      this.endInbound(stream);
    }
    if (!complete) return;
    try {
      subscriber.onComplete(streamId);
    } catch (error) {
      this.#failed(streamId, error);
    }
  }

  /** @returns false if the peer sent more than it was granted; the stream has then been ended */
  #useCredit(stream: Stream): boolean {
    const streamId = stream.id;
    if (stream.granted === 0) {
      const message = `the peer sent an item beyond its credit: streamId=${streamId}`;
      this.#fail(stream, new RSocketError('ERR_FLYSOCKET_OVER_CREDIT', message, ErrorCode.INVALID));
      return false;
    }
    this.#credit.spend(stream);
    // Where the grant found the outbound queue full, the connection was closed and the stream with it.
    return stream.id === streamId;
  }

  onRequest(type: number, streamId: number, flags: number, buffer: DirectBuffer, offset: number, length: number): void {
    if (!this.#isNew(streamId)) {
      this.#ignore();
      return;
    }
    if (this.#acceptor.lacksLease(type, streamId) || this.#acceptor.refuses(type, streamId)) return;
    if ((flags & FrameFlag.FOLLOWS) !== 0) {
      this.#onFragment(type, streamId, flags, buffer, offset, length);
      return;
    }
    decodePayload(buffer, offset, length, this.#payload);
    const streaming = type === FrameType.REQUEST_STREAM || type === FrameType.REQUEST_CHANNEL;
    const initialRequestN = streaming ? initialRequestNOf(buffer, offset) : 0;
    this.#accept(type, streamId, initialRequestN, (flags & FrameFlag.COMPLETE) !== 0, this.#payload);
  }

  #accept(type: number, streamId: number, initialRequestN: number, complete: boolean, payload: PayloadFlyweight): void {
    try {
      this.#acceptor.accept(type, streamId, initialRequestN, complete, payload);
    } catch (error) {
      this.#failed(streamId, error);
    }
  }

  onRequestN(streamId: number, n: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || (stream.state & (OUTBOUND_OPEN | SINGLE)) !== OUTBOUND_OPEN) {
      // It crossed with the stream's end: the credit came, for the sums of both sides to agree, and has lapsed.
      this.#counters.add(LinkCounter.CREDIT_RECEIVED, n);
      this.#counters.add(LinkCounter.CREDIT_RECEIVED_SPENT, n);
      this.#ignore();
      return;
    }
    this.#streams.addDemand(stream, n);
    try {
      stream.subscriber.onRequestN(n, streamId);
    } catch (error) {
      this.#failed(streamId, error);
    }
  }

  onCancel(streamId: number): void {
    this.#counters.add(LinkCounter.CANCELS_RECEIVED, 1);
    this.#outbound.dropFragments(streamId);
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      this.discardFragments(streamId);
      return;
    }
    const subscriber = stream.subscriber;
    // The requester's cancel ends the whole stream, the responder's only what the requester sends on its channel.
    if ((stream.state & REQUESTER) !== 0) {
      if ((stream.state & OUTBOUND_OPEN) === 0) return;
      stream.state &= ~OUTBOUND_OPEN;
      if ((stream.state & INBOUND_OPEN) === 0) this.#streams.remove(stream);
    } else {
      this.discardFragments(streamId);
      this.#streams.remove(stream);
      this.#provoked.onCancel();
    }
    try {
      subscriber.onCancel(streamId);
    } catch (error) {
      this.#failed(streamId, error);
    }
  }

  onError(streamId: number, errorCode: number, message: string): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      this.#outbound.dropFragments(streamId);
      this.discardFragments(streamId);
      this.#ignore();
      return;
    }
    const isRequesters = (stream.state & REQUESTER) === 0;
    this.#end(stream, streamError(errorCode, message));
    if (isRequesters) this.#provoked.onCancel();
  }

  #onFragment(
    type: number,
    streamId: number,
    flags: number,
    buffer: DirectBuffer,
    offset: number,
    length: number,
  ): void {
    this.#counters.add(LinkCounter.FRAGMENTS_RECEIVED, 1);
    const reassembler = this.#reassembler;
    const isFollowing = type === FrameType.PAYLOAD;
    const stream = isFollowing ? this.#streams.get(streamId) : undefined;
    if (isFollowing && !reassembler.isPending(streamId) && !isInboundOpen(stream)) {
      this.#ignore();
      return;
    }
    let whole: Reassembly | null;
    try {
      whole = reassembler.accept(type, flags, streamId, buffer, offset, length);
    } catch (error) {
      if (!(error instanceof RSocketError) || error.errorCode === ErrorCode.CONNECTION_ERROR) throw error;
      if (stream !== undefined) this.#fail(stream, error);
      else this.#provoked.answer(streamId, error.errorCode ?? ErrorCode.INVALID, error.message);
      return;
    }
    if (whole === null) {
      this.#partialPayloads.watch();
      return;
    }
    try {
      if (whole.type !== FrameType.PAYLOAD) {
        if (this.#acceptor.refuses(whole.type, streamId)) return;
        this.#accept(whole.type, streamId, whole.initialRequestN, whole.complete, whole.payload);
      } else if (isInboundOpen(stream)) {
        const complete = whole.complete ? FrameFlag.COMPLETE : 0;
        this.#deliver(stream, streamId, FrameFlag.NEXT | complete, whole.payload);
      }
    } finally {
      whole.release();
    }
  }

  #onOverdue(streamId: number, timeoutMs: number): void {
    const message = `a payload in fragments was not whole within ${timeoutMs} ms: streamId=${streamId}`;
    const error = new RSocketError('ERR_FLYSOCKET_PARTIAL_PAYLOAD', message, ErrorCode.INVALID);
    const stream = this.#streams.get(streamId);
    if (stream !== undefined) {
      this.#fail(stream, error);
    } else {
      this.discardFragments(streamId);
      this.#provoked.answer(streamId, ErrorCode.INVALID, message);
    }
  }

  /** Frees what has come of a stream's fragmented payload. */
  discardFragments(streamId: number): void {
    if (this.#reassembler.pendingStreams !== 0) this.#reassembler.discard(streamId);
  }

  signalWritable(stream: Stream): void {
    const streamId = stream.id;
    try {
      stream.subscriber.onWritable(streamId);
    } catch (error) {
      this.#failed(streamId, error);
    }
  }

  endInbound(stream: Stream): void {
    stream.state &= ~INBOUND_OPEN;
    if ((stream.state & OUTBOUND_OPEN) === 0) this.#streams.remove(stream);
  }

  /** The connection has ended: so has every stream, once. */
  close(error: RSocketError | undefined): void {
    const reason = error ?? new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', 'the connection is closed');
    this.#partialPayloads.stop();
    this.#reassembler.close();
    for (const stream of this.#streams.all()) if (stream.id !== 0) this.#end(stream, reason);
  }

  /** As `#end`, for an error that the peer made and is told of. */
  #fail(stream: Stream, error: RSocketError): void {
    const streamId = stream.id;
    const isRequester = (stream.state & REQUESTER) !== 0;
    this.#end(stream, error);
    this.#provoked.answer(streamId, error.errorCode ?? ErrorCode.INVALID, error.message);
    // A responder that does not listen to errors of its requester does listen to this.
    if (isRequester) this.#control.cancel(streamId);
  }

  /** Ends both halves of a stream that failed, and tells its subscriber. */
  #end(stream: Stream, error: RSocketError): void {
    const streamId = stream.id;
    const subscriber: StreamSubscriber = stream.subscriber;
    this.#outbound.dropFragments(streamId);
    this.discardFragments(streamId);
    this.#streams.remove(stream);
    try {
      subscriber.onError(error, streamId);
    } catch (thrown) {
      this.report(thrown);
    }
  }

  /** A callback threw: its stream ends, the peer is told, and the error is reported. */
  #failed(streamId: number, error: unknown): void {
    const stream = this.#streams.get(streamId);
    if (stream !== undefined) {
      this.#outbound.dropFragments(streamId);
      this.discardFragments(streamId);
      const message = error instanceof Error ? error.message : String(error);
      this.#streams.remove(stream);
      this.#control.error(streamId, ErrorCode.APPLICATION_ERROR, message);
    }
    this.report(error);
  }

  /** Whoever is told of errors may throw too, but not into the transport, which has more frames to deliver. */
  report(error: unknown): void {
    try {
      this.#onUncaught(error);
    } catch (thrown) {
      throwLater(thrown);
    }
  }

  #ignore(): void {
    this.#counters.add(LinkCounter.FRAMES_IGNORED, 1);
  }
}

function isInboundOpen(stream: Stream | undefined): stream is Stream {
  return stream !== undefined && (stream.state & INBOUND_OPEN) !== 0;
}
