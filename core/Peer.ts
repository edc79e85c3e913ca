/**
 * One end of a connection, on the low level: it requests and answers over frames alone. No I/O, no clock and no
 * randomness is here; bytes come from the `DuplexConnection`, and whoever owns that drives it.
 *
 *   caller -> Peer -> Outbound -> connection            connection -> Inbound -> subscribers, request handler
 */
import {
  alignmentOf,
  encodePayload,
  encodeRequestChannel,
  encodeRequestFnf,
  encodeRequestResponse,
  encodeRequestStream,
  lengthOfPayload,
  lengthOfRequest,
} from '../codec/index.ts';
import { BlockKind, CounterBlock, LinkCounter } from '../counters/index.ts';
import {
  type DirectBuffer,
  FrameFlag,
  FrameType,
  type PayloadFlyweight,
  type RSocketError,
} from '../flyweight/index.ts';
import { BACK_PRESSURED, CLOSED, type DuplexConnection, type FrameHandler } from '../transport/index.ts';
import { BlockedStreams } from './BlockedStreams.ts';
import { ControlFrames } from './ControlFrames.ts';
import { addWanted, checkRequestN, MAX_REQUEST_N } from './Demand.ts';
import { Inbound } from './Inbound.ts';
import { InboundCredit } from './InboundCredit.ts';
import { MAX_OUTBOUND_BYTES, MAX_STREAMS } from './limits.ts';
import { Outbound, SENT } from './Outbound.ts';
import { type PeerOptions, throwLater } from './PeerOptions.ts';
import { INBOUND_OPEN, OUTBOUND_OPEN, REQUESTER, SINGLE, type Stream, UNBOUNDED_DEMAND } from './Stream.ts';
import type { StreamSubscriber } from './StreamSubscriber.ts';
import { Streams } from './Streams.ts';
import { NO_DEMAND, STREAM_CLOSED, TOO_MANY_STREAMS, type ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

export class Peer implements ZeroCopyRSocket, FrameHandler {
  readonly connection: DuplexConnection;
  readonly counters: CounterBlock;
  readonly #streams: Streams;
  readonly #outbound: Outbound;
  readonly #control: ControlFrames;
  readonly #credit: InboundCredit;
  readonly #inbound: Inbound;
  readonly #blocked: BlockedStreams;
  #writableListeners: (() => void)[] = [];
  readonly #onUncaught: (error: unknown) => void;
  #closed = false;

  constructor(connection: DuplexConnection, options: PeerOptions) {
    this.connection = connection;
    this.#onUncaught = options.onUncaught ?? throwLater;
    this.counters = options.counters ?? CounterBlock.unregistered(BlockKind.LINK, 'peer');
    this.#streams = new Streams(options.firstStreamId, options.maxStreams ?? MAX_STREAMS, this.counters);
    this.#blocked = new BlockedStreams(this.#streams);
    const maxOutboundBytes = options.maxOutboundBytes ?? MAX_OUTBOUND_BYTES;
    this.#outbound = new Outbound(connection, options.pool, maxOutboundBytes, this.counters);
    this.#control = new ControlFrames(this.#outbound, connection.maxFrameLength, this.counters);
    this.#credit = new InboundCredit(this.#control, this.counters);
    this.#inbound = new Inbound(
      this,
      connection,
      this.#streams,
      this.#outbound,
      this.#control,
      this.#credit,
      this.counters,
      options,
    );
    connection.receive(this);
  }

  /** Streams that are open, in both directions. */
  get openStreams(): number {
    return this.#streams.size;
  }

  /** Bytes that wait for room, overheads included. */
  get queuedBytes(): number {
    return this.#outbound.queuedBytes;
  }

  /** Bytes held by payloads whose last fragment has not come. */
  get reassemblingBytes(): number {
    return this.#inbound.reassemblingBytes;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  requestResponse(payload: PayloadFlyweight, subscriber: StreamSubscriber): number {
    return this.#request(FrameType.REQUEST_RESPONSE, payload, 0, false, REQUESTER | INBOUND_OPEN | SINGLE, subscriber);
  }

  requestStream(payload: PayloadFlyweight, initialRequestN: number, subscriber: StreamSubscriber): number {
    const state = REQUESTER | INBOUND_OPEN;
    return this.#request(FrameType.REQUEST_STREAM, payload, initialRequestN, false, state, subscriber);
  }

  requestChannel(
    payload: PayloadFlyweight,
    initialRequestN: number,
    complete: boolean,
    subscriber: StreamSubscriber,
  ): number {
    const state = complete ? REQUESTER | INBOUND_OPEN : REQUESTER | INBOUND_OPEN | OUTBOUND_OPEN;
    return this.#request(FrameType.REQUEST_CHANNEL, payload, initialRequestN, complete, state, subscriber);
  }

  fireAndForget(payload: PayloadFlyweight): number {
    if (this.#closed) return CLOSED;
    return this.#sendRequest(FrameType.REQUEST_FNF, this.#streams.nextId(), 0, false, payload);
  }

  #request(
    type: number,
    payload: PayloadFlyweight,
    initialRequestN: number,
    complete: boolean,
    state: number,
    subscriber: StreamSubscriber,
  ): number {
    if (this.#closed) return CLOSED;
    const streams = this.#streams;
    if (streams.isFull) return TOO_MANY_STREAMS;
    const single = (state & SINGLE) !== 0;
    if (!single) checkRequestN(initialRequestN);
    const granted = Math.min(initialRequestN, MAX_REQUEST_N);
    const id = streams.nextId();
    const result = this.#sendRequest(type, id, granted, complete, payload);
    if (result !== SENT) return result;
    const stream = streams.open(id, state, subscriber);
    stream.waiting = this.#outbound.lastWaiting;
    if (!single) {
      stream.granted = granted;
      stream.wanted = addWanted(0, initialRequestN);
      this.counters.add(LinkCounter.CREDIT_GRANTED, granted);
    }
    return id;
  }

  #sendRequest(type: number, id: number, granted: number, complete: boolean, payload: PayloadFlyweight): number {
    const outbound = this.#outbound;
    const length = lengthOfRequest(type, payload);
    if (length > this.connection.maxFrameLength) {
      const result = outbound.sendLarge(type, id, complete ? FrameFlag.COMPLETE : 0, granted, payload, false);
      if (result === BACK_PRESSURED) this.counters.add(LinkCounter.BACK_PRESSURED, 1);
      return result;
    }
    const placed = outbound.tryPlace(length, alignmentOf(type, payload));
    if (placed !== SENT) {
      if (placed === BACK_PRESSURED) this.counters.add(LinkCounter.BACK_PRESSURED, 1);
      return placed;
    }
    const buffer = outbound.buffer;
    const index = outbound.index;
    switch (type) {
      case FrameType.REQUEST_RESPONSE:
        encodeRequestResponse(buffer, index, id, payload);
        break;
      case FrameType.REQUEST_FNF:
        encodeRequestFnf(buffer, index, id, payload);
        break;
      case FrameType.REQUEST_STREAM:
        encodeRequestStream(buffer, index, id, granted, payload);
        break;
      default:
        encodeRequestChannel(buffer, index, id, granted, complete, payload);
    }
    outbound.commit();
    return SENT;
  }

  next(streamId: number, payload: PayloadFlyweight, complete: boolean): number {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || (stream.state & OUTBOUND_OPEN) === 0) return STREAM_CLOSED;
    const single = (stream.state & SINGLE) !== 0;
    if (!single) {
      if (stream.demand === 0 && (stream.state & UNBOUNDED_DEMAND) === 0) return NO_DEMAND;
      if (stream.isWaiting) return this.#block(stream);
    }
    const last = complete || single;
    const flags = last ? FrameFlag.NEXT | FrameFlag.COMPLETE : FrameFlag.NEXT;
    const length = lengthOfPayload(payload);
    if (length > this.connection.maxFrameLength) {
      const result = this.#outbound.sendLarge(FrameType.PAYLOAD, streamId, flags, 0, payload, single);
      if (result === BACK_PRESSURED) return this.#block(stream);
      if (result === CLOSED) return STREAM_CLOSED;
      stream.waiting = this.#outbound.lastWaiting;
    } else {
      const alignment = alignmentOf(FrameType.PAYLOAD, payload);
      const outbound = this.#outbound;
      if (single) {
        if (!outbound.place(streamId, length, alignment)) return STREAM_CLOSED;
      } else {
        const placed = outbound.tryPlace(length, alignment);
        if (placed === BACK_PRESSURED) return this.#block(stream);
        if (placed === CLOSED) return STREAM_CLOSED;
      }
      encodePayload(outbound.buffer, outbound.index, streamId, flags, payload);
      outbound.commit();
    }
    if (!single && stream.demand > 0) {
      stream.demand--;
      this.counters.add(LinkCounter.CREDIT_RECEIVED_SPENT, 1);
    }
    if (last) this.#endOutbound(stream);
    return SENT;
  }

  pause(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || (stream.state & OUTBOUND_OPEN) === 0) return;
    this.#blocked.add(stream);
    this.connection.awaitWritable();
  }

  complete(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || (stream.state & OUTBOUND_OPEN) === 0) return;
    const waiting = stream.isWaiting ? stream.waiting : undefined;
    this.#endOutbound(stream);
    if (waiting !== undefined) waiting.thenComplete = true;
    else this.#control.complete(streamId);
  }

  error(streamId: number, errorCode: number, message: string): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    this.#outbound.dropFragments(streamId);
    this.#inbound.discardFragments(streamId);
    this.#streams.remove(stream);
    this.#control.error(streamId, errorCode, message);
  }

  request(streamId: number, n: number): void {
    checkRequestN(n);
    const stream = this.#streams.get(streamId);
    if (stream === undefined || (stream.state & (INBOUND_OPEN | SINGLE)) !== INBOUND_OPEN) return;
    stream.wanted = addWanted(stream.wanted, n);
    this.#credit.grant(stream);
  }

  cancel(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || (stream.state & INBOUND_OPEN) === 0) return;
    if ((stream.state & REQUESTER) !== 0) {
      this.#outbound.dropFragments(streamId);
      this.#streams.remove(stream);
    } else {
      this.#inbound.endInbound(stream);
    }
    this.#inbound.discardFragments(streamId);
    this.#control.cancel(streamId);
  }

  whenWritable(listener: () => void): void {
    if (this.#closed) listener();
    else this.#writableListeners.push(listener);
  }

  /** Delivers what was committed, then ends the connection and with it every stream. A second call does nothing. */
  close(error?: RSocketError): void {
    this.connection.close(error);
  }

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    this.#inbound.onFrame(buffer, offset, length);
  }

  onWritable(): void {
    if (!this.#outbound.drain()) return;
    this.#blocked.signal(this.#inbound);
    this.#callWritableListeners();
  }

  onClosed(error: RSocketError | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#outbound.close();
    this.#inbound.close(error);
    this.#callWritableListeners();
  }

  #callWritableListeners(): void {
    if (this.#writableListeners.length === 0) return;
    const listeners = this.#writableListeners;
    this.#writableListeners = [];
    for (let i = 0; i < listeners.length; i++) {
      if (this.#writableListeners.length > 0) {
        // That one was refused again, and comes again before those whose turn did not come.
        for (; i < listeners.length; i++) this.#writableListeners.push(listeners[i] as () => void);
        return;
      }
      try {
        (listeners[i] as () => void)();
      } catch (error) {
        this.#onUncaught(error);
      }
    }
  }

  #block(stream: Stream): typeof BACK_PRESSURED {
    this.counters.add(LinkCounter.BACK_PRESSURED, 1);
    this.#blocked.add(stream);
    return BACK_PRESSURED;
  }

  #endOutbound(stream: Stream): void {
    stream.state &= ~OUTBOUND_OPEN;
    if ((stream.state & INBOUND_OPEN) === 0) this.#streams.remove(stream);
  }
}
