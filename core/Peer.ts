/**
 * One end of a connection, on the low level: it requests and answers over frames alone. No I/O, no clock and no
 * randomness is here; bytes come from the `DuplexConnection`, and whoever owns that drives it.
 *
 *   caller -> Peer -> Outbound -> connection            connection -> Inbound -> subscribers, request handler
 */
import {
  alignmentOf,
  encodePayload,
  encodeSetup,
  lengthOfPayload,
  lengthOfSetup,
  type SetupOptions,
} from '../codec/index.ts';
import { BlockKind, CounterBlock, LinkCounter } from '../counters/index.ts';
import {
  type DirectBuffer,
  FrameFlag,
  FrameType,
  type PayloadFlyweight,
  type RSocketError,
} from '../flyweight/index.ts';
import type { PooledBuffer } from '../pool/index.ts';
import { BACK_PRESSURED, CLOSED, type DuplexConnection, type FrameHandler } from '../transport/index.ts';
import { BlockedStreams } from './BlockedStreams.ts';
import { systemClock } from './Clock.ts';
import { ControlFrames } from './ControlFrames.ts';
import { addWanted, checkRequestN } from './Demand.ts';
import { Inbound } from './Inbound.ts';
import { InboundCredit } from './InboundCredit.ts';
import { KeepAlive } from './KeepAlive.ts';
import { MAX_OUTBOUND_BYTES, MAX_STREAMS, SHUTDOWN_DEADLINE_MS } from './limits.ts';
import { Outbound, SENT } from './Outbound.ts';
import { PayloadStaging } from './PayloadStaging.ts';
import { type PeerOptions, throwLater } from './PeerOptions.ts';
import type { PeerParts } from './PeerParts.ts';
import { Requester } from './Requester.ts';
import { RequesterLease } from './RequesterLease.ts';
import { checkRenewable, type LeaseGrant, ResponderLease } from './ResponderLease.ts';
import {
  checkKeepAliveTimes,
  DEFAULT_MIME_TYPE,
  KEEP_ALIVE_INTERVAL_MS,
  MAX_LIFETIME_MS,
  type SetupInit,
} from './Setup.ts';
import { Shutdown } from './Shutdown.ts';
import { INBOUND_OPEN, OUTBOUND_OPEN, REQUESTER, SINGLE, type Stream, UNBOUNDED_DEMAND } from './Stream.ts';
import type { StreamSubscriber } from './StreamSubscriber.ts';
import { Streams } from './Streams.ts';
import { NO_DEMAND, STREAM_CLOSED, type ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

export class Peer implements ZeroCopyRSocket, FrameHandler {
  readonly connection: DuplexConnection;
  readonly counters: CounterBlock;
  readonly #parts: PeerParts;
  readonly #streams: Streams;
  readonly #outbound: Outbound;
  readonly #credit: InboundCredit;
  readonly #requester: Requester;
  readonly #inbound: Inbound;
  readonly #blocked: BlockedStreams;
  #writableListeners: (() => void)[] = [];
  readonly #onUncaught: (error: unknown) => void;
  #closed = false;

  /**
   * @throws RSocketError ERR_FLYSOCKET_KEEP_ALIVE, ERR_FLYSOCKET_LEASE, ERR_FLYSOCKET_MIME_TYPE for options that are
   *   out of range; ERR_FLYSOCKET_FRAME_TOO_LONG for a SETUP that does not fit one frame
   */
  constructor(connection: DuplexConnection, options: PeerOptions) {
    if (options.lease?.grant !== undefined) checkRenewable(options.lease.grant);
    this.connection = connection;
    this.#onUncaught = options.onUncaught ?? throwLater;
    const counters = options.counters ?? connection.counters ?? CounterBlock.unregistered(BlockKind.LINK, 'peer');
    const clock = options.clock ?? systemClock;
    const { pool, positions, maxFrameLength = connection.maxFrameLength } = options;
    const maxOutboundBytes = options.maxOutboundBytes ?? MAX_OUTBOUND_BYTES;
    const streams = new Streams(options.firstStreamId, options.maxStreams ?? MAX_STREAMS, counters);
    const outbound = new Outbound(connection, pool, maxFrameLength, maxOutboundBytes, counters);
    const control = new ControlFrames(outbound, connection.maxFrameLength, counters);
    const breakOff = (error: RSocketError): void => this.#inbound.breakOff(error);
    const onRequestsAllowed = (): void => this.#callWritableListeners();
    const isLetIn = options.entrance === undefined;
    this.counters = counters;
    this.#streams = streams;
    this.#outbound = outbound;
    this.#credit = new InboundCredit(control, counters);
    this.#blocked = new BlockedStreams(streams);
    this.#parts = {
      rsocket: this,
      connection,
      options,
      counters,
      clock,
      streams,
      outbound,
      control,
      credit: this.#credit,
      keepAlive: new KeepAlive(connection, outbound, pool, clock, counters, positions, breakOff),
      shutdown: new Shutdown(connection, streams, outbound, control, clock, onRequestsAllowed),
      isLetIn,
      requesterLease: isLetIn ? undefined : new RequesterLease(clock),
      responderLease: undefined,
      breakOff,
      onRequestsAllowed,
    };
    this.#requester = new Requester(this.#parts);
    this.#inbound = new Inbound(this.#parts, ({ lease }) => {
      this.#parts.isLetIn = true;
      this.#parts.requesterLease = undefined;
      if (lease) this.#agreeOnLeases();
      onRequestsAllowed();
    });
    if (options.setup !== undefined) this.#setUp(options.setup);
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
    return this.#inbound.streams.reassemblingBytes;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  requestResponse(payload: PayloadFlyweight, subscriber: StreamSubscriber): number {
    const state = REQUESTER | INBOUND_OPEN | SINGLE;
    return this.#requester.request(FrameType.REQUEST_RESPONSE, payload, 0, false, state, subscriber);
  }

  requestStream(payload: PayloadFlyweight, initialRequestN: number, subscriber: StreamSubscriber): number {
    const state = REQUESTER | INBOUND_OPEN;
    return this.#requester.request(FrameType.REQUEST_STREAM, payload, initialRequestN, false, state, subscriber);
  }

  requestChannel(
    payload: PayloadFlyweight,
    initialRequestN: number,
    complete: boolean,
    subscriber: StreamSubscriber,
  ): number {
    const state = complete ? REQUESTER | INBOUND_OPEN : REQUESTER | INBOUND_OPEN | OUTBOUND_OPEN;
    return this.#requester.request(FrameType.REQUEST_CHANNEL, payload, initialRequestN, complete, state, subscriber);
  }

  fireAndForget(payload: PayloadFlyweight): number {
    return this.#requester.fireAndForget(payload);
  }

  metadataPush(payload: PayloadFlyweight): number {
    return this.#requester.metadataPush(payload);
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
    if (length > this.#outbound.maxFrameLength) {
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
    else this.#parts.control.complete(streamId);
  }

  error(streamId: number, errorCode: number, message: string): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    this.#outbound.dropFragments(streamId);
    this.#inbound.streams.discardFragments(streamId);
    this.#streams.remove(stream);
    this.#parts.control.error(streamId, errorCode, message);
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
      this.#inbound.streams.endInbound(stream);
    }
    this.#inbound.streams.discardFragments(streamId);
    this.#parts.control.cancel(streamId);
  }

  retain(payload: PayloadFlyweight): PooledBuffer | undefined {
    return this.connection.retain?.(payload.dataBuffer, payload.dataOffset, payload.dataLength);
  }

  whenWritable(listener: () => void): void {
    if (this.#closed) listener();
    else this.#writableListeners.push(listener);
  }

  /** Delivers what was committed, then ends the connection and with it every stream. A second call does nothing. */
  close(error?: RSocketError): void {
    this.connection.close(error);
  }

  /**
   * Begins no more streams in either direction, lets those that run finish, then closes; what has not finished by the
   * deadline fails.
   */
  shutDown(deadlineMs: number = SHUTDOWN_DEADLINE_MS): void {
    if (!this.#closed) this.#parts.shutdown.begin(deadlineMs);
  }

  /**
   * Grants the peer requests, in place of what was granted before. Nothing happens where leases were not agreed on.
   * @throws RSocketError ERR_FLYSOCKET_LEASE unless both numbers are integers from 0 to 2^31 - 1
   */
  grantLease(grant: LeaseGrant): void {
    if (!this.#closed) this.#parts.responderLease?.grant(grant);
  }

  /** Requests that may be made now: Infinity where leases were not agreed on, 0 until a client has been let in. */
  get permits(): number {
    return this.#parts.requesterLease?.permits ?? Number.POSITIVE_INFINITY;
  }

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    this.#inbound.onFrame(buffer, offset, length);
  }

  onWritable(): void {
    const { keepAlive, shutdown } = this.#parts;
    keepAlive.onWritable();
    if (!this.#outbound.drain()) return;
    // If it had to wait for other frames of the connection, those have gone now.
    keepAlive.onWritable();
    this.#blocked.signal(this.#inbound);
    this.#callWritableListeners();
    shutdown.check();
  }

  onClosed(error: RSocketError | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.shutdown.stop();
    this.#parts.keepAlive.stop();
    this.#parts.responderLease?.stop();
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

  #setUp(init: SetupInit): void {
    const { keepAliveIntervalMs = KEEP_ALIVE_INTERVAL_MS, maxLifetimeMs = MAX_LIFETIME_MS } = init;
    checkKeepAliveTimes(keepAliveIntervalMs, maxLifetimeMs);
    const isLeased = this.#parts.options.lease !== undefined;
    const setup: SetupOptions = {
      keepAliveIntervalMs,
      maxLifetimeMs,
      metadataMimeType: init.metadataMimeType ?? DEFAULT_MIME_TYPE,
      dataMimeType: init.dataMimeType ?? DEFAULT_MIME_TYPE,
      lease: isLeased,
    };
    const payload = PayloadStaging.ofThisThread().stage(init.payload ?? '');
    const outbound = this.#outbound;
    if (!outbound.place(0, lengthOfSetup(setup, payload), 0)) return;
    encodeSetup(outbound.buffer, outbound.index, setup, payload);
    outbound.commit();
    this.#parts.keepAlive.start(keepAliveIntervalMs, maxLifetimeMs);
    if (isLeased) this.#agreeOnLeases();
  }

  #agreeOnLeases(): void {
    const { outbound, clock, options } = this.#parts;
    const responderLease = new ResponderLease(outbound, clock);
    this.#parts.requesterLease = new RequesterLease(clock);
    this.#parts.responderLease = responderLease;
    const grant = options.lease?.grant;
    if (grant !== undefined) responderLease.renew(grant);
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
