/** One end of a link, as calls see it: values go in, requests and items go out, of `CallHeaderDescriptor`'s kinds. */
import type { Peer, StreamSubscriber } from '../../core/index.ts';
import { DirectBuffer } from '../../flyweight/index.ts';
import { PooledBuffer } from '../../pool/index.ts';
import type { WorkerLink, WorkerPeer } from '../../shm-transport/index.ts';
import { BACK_PRESSURED } from '../../transport/index.ts';
import { MAX_FRAMED_BYTES, MAX_QUEUED_ANSWER_BYTES } from '../limits.ts';
import { CallFlag, CallKind } from '../values/CallHeaderDescriptor.ts';
import { InboundValues } from '../values/InboundValues.ts';
import { OutboundValue } from '../values/OutboundValue.ts';
import type { Transfer } from '../values/Transfer.ts';
import type { ValueCodec } from '../values/ValueCodec.ts';
import type { ValuePort } from '../values/ValuePort.ts';
import type { CallTarget } from './CallTarget.ts';

/**
 * A frame with a value that went by the port must not be refused: by then the value has been posted, and what was
 * transferred with it is gone. So there has to be room for it before; it takes less than half of this, and as much may
 * be lost at the end of the ring.
 */
const ROOM_FOR_PORT_FRAME = 128;
/** An answer of that length may wait for room whatever else does. */
const SMALL_ANSWER_BYTES = 1_024;
const STREAM_ID_LENGTH = 4;
const encoder = new TextEncoder();

export class CallLink {
  readonly peer: Peer;
  /** What comes. */
  readonly values: InboundValues;
  readonly #link: WorkerLink;
  readonly #value: OutboundValue;
  /** Targets that the other end knows, by number. */
  readonly #defined: boolean[] = [];
  readonly #streamId: DirectBuffer = new DirectBuffer(new ArrayBuffer(STREAM_ID_LENGTH));

  /** @param port the one that `codec` uses */
  constructor(peer: WorkerPeer, codec: ValueCodec, port: ValuePort) {
    this.peer = peer.zeroCopy;
    this.values = new InboundValues(codec, port, this.peer);
    this.#link = peer.link;
    this.#value = new OutboundValue(codec, port);
  }

  /**
   * Tells the other end which function `target` is, once.
   * @returns above 0, or as a request that cannot be sent
   */
  define(target: CallTarget): number {
    if (this.#defined[target.index] === true) return 1;
    const bytes = new DirectBuffer(encoder.encode(`${target.filename}\0${target.name}`));
    this.#value.encode(undefined, undefined);
    this.#value.writeRequestHeader(CallKind.DEFINE, 0, target.index);
    const result = this.peer.fireAndForget(this.#value.payload.wrapData(bytes, 0, bytes.capacity));
    if (result > 0) this.#defined[target.index] = true;
    return result;
  }

  /** Gives up the call on that stream. @returns above 0, or as a request that cannot be sent */
  abort(streamId: number): number {
    this.#streamId.putInt32(0, streamId);
    this.#value.encode(undefined, undefined);
    this.#value.writeRequestHeader(CallKind.ABORT, 0, 0);
    return this.peer.fireAndForget(this.#value.payload.wrapData(this.#streamId, 0, STREAM_ID_LENGTH));
  }

  /** Asks for a sign of life. @returns as a request */
  ping(subscriber: StreamSubscriber): number {
    this.#value.encode(undefined, undefined);
    this.#value.writeRequestHeader(CallKind.PING, 0, 0);
    return this.peer.requestResponse(this.#value.payload, subscriber);
  }

  /**
   * Calls a target that was defined. @param flags of `CallFlag`
   * @returns as `ZeroCopyRSocket.requestResponse`
   * @throws what the value's encoding throws; nothing was sent
   */
  call(
    target: CallTarget,
    slot: number,
    flags: number,
    value: unknown,
    transfer: Transfer,
    subscriber: StreamSubscriber,
  ): number {
    if (!this.#stage(value, transfer)) return BACK_PRESSURED;
    this.#writeCallHeader(target, slot, flags, value);
    try {
      return this.peer.requestResponse(this.#value.payload, subscriber);
    } catch (error) {
      if (!this.#postInstead(error)) return BACK_PRESSURED;
      this.#writeCallHeader(target, slot, flags, undefined);
      return this.peer.requestResponse(this.#value.payload, subscriber);
    }
  }

  /** As `call`, for a stream. @param requestN items granted at once */
  stream(
    target: CallTarget,
    slot: number,
    value: unknown,
    transfer: Transfer,
    requestN: number,
    subscriber: StreamSubscriber,
  ): number {
    if (!this.#stage(value, transfer)) return BACK_PRESSURED;
    this.#writeCallHeader(target, slot, 0, value);
    try {
      return this.peer.requestStream(this.#value.payload, requestN, subscriber);
    } catch (error) {
      if (!this.#postInstead(error)) return BACK_PRESSURED;
      this.#writeCallHeader(target, slot, 0, undefined);
      return this.peer.requestStream(this.#value.payload, requestN, subscriber);
    }
  }

  /** As `call`, for a channel, whose items follow by `next`. */
  channel(target: CallTarget, slot: number, requestN: number, subscriber: StreamSubscriber): number {
    this.#value.encode(undefined, undefined);
    this.#writeCallHeader(target, slot, CallFlag.OPENING, undefined);
    return this.peer.requestChannel(this.#value.payload, requestN, false, subscriber);
  }

  /**
   * Sends the next item of a stream.
   * @returns as `ZeroCopyRSocket.next`
   * @throws what the value's encoding throws; nothing was sent
   */
  next(streamId: number, value: unknown, transfer: Transfer, complete: boolean, flags = 0): number {
    if (!this.#stage(value, transfer)) return this.#pause(streamId);
    this.#value.writeItemHeader(flags);
    try {
      return this.peer.next(streamId, this.#value.payload, complete);
    } catch (error) {
      if (!this.#postInstead(error)) return this.#pause(streamId);
      this.#value.writeItemHeader(flags);
      return this.peer.next(streamId, this.#value.payload, complete);
    }
  }

  /** As `next`, and as `answer`, with bytes that lie in memory of a pool. */
  nextIn(pooled: PooledBuffer, streamId: number, bytes: Uint8Array, complete: boolean): number {
    this.#value.wrap(pooled, bytes);
    this.#value.writeItemHeader(0);
    return this.peer.next(streamId, this.#value.payload, complete);
  }

  /** Sends the answer of a call; it is never refused. @throws as `next` */
  answer(streamId: number, value: unknown, transfer: Transfer, flags = 0): void {
    const out = this.#value;
    out.encode(value, transfer);
    const length = out.payload.dataLength;
    // Answers wait for room as long as they have to, and too many bytes that wait are the end of a link.
    if (length > SMALL_ANSWER_BYTES && this.peer.queuedBytes + length > MAX_QUEUED_ANSWER_BYTES) out.post();
    out.writeItemHeader(flags);
    try {
      this.peer.next(streamId, out.payload, true);
    } catch (error) {
      out.checkPostable(error);
      out.post();
      out.writeItemHeader(flags);
      this.peer.next(streamId, out.payload, true);
    }
  }

  /** Calls `listener` when a request may be made again that found no room. */
  whenWritable(listener: () => void): void {
    this.peer.whenWritable(listener);
    this.#link.awaitWritable();
  }

  #writeCallHeader(target: CallTarget, slot: number, flags: number, value: unknown): void {
    const inPlace = value instanceof PooledBuffer ? CallFlag.IN_PLACE : 0;
    this.#value.writeRequestHeader(CallKind.CALL, flags | inPlace, (slot << 16) | target.index);
  }

  /** @returns false if there is no room for a value that may have to go by the port */
  #stage(value: unknown, transfer: Transfer): boolean {
    const isFramed = transfer === undefined && value instanceof Uint8Array && value.length <= MAX_FRAMED_BYTES;
    if (!isFramed && !this.#hasRoom()) return false;
    this.#value.encode(value, transfer);
    return true;
  }

  /** @returns false if there is no room now @throws `error`, if the port is no help */
  #postInstead(error: unknown): boolean {
    this.#value.checkPostable(error);
    if (!this.#hasRoom()) return false;
    this.#value.post();
    return true;
  }

  #pause(streamId: number): typeof BACK_PRESSURED {
    this.peer.pause(streamId);
    return BACK_PRESSURED;
  }

  #hasRoom(): boolean {
    if (this.peer.queuedBytes !== 0) return false;
    const { used, capacity } = this.#link.outboundUsage;
    return capacity - used >= ROOM_FOR_PORT_FRAME;
  }
}
