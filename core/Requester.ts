/** Makes requests: a place for the frame, the frame itself, and the stream on which the answer comes. */
import {
  alignmentOf,
  encodeMetadataPush,
  encodeRequestChannel,
  encodeRequestFnf,
  encodeRequestResponse,
  encodeRequestStream,
  lengthOfMetadataPush,
  lengthOfRequest,
} from '../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { FrameFlag, FrameType, type PayloadFlyweight } from '../flyweight/index.ts';
import { BACK_PRESSURED, CLOSED } from '../transport/index.ts';
import { addWanted, checkRequestN, MAX_REQUEST_N } from './Demand.ts';
import { type Outbound, SENT } from './Outbound.ts';
import type { PeerParts } from './PeerParts.ts';
import { SINGLE } from './Stream.ts';
import type { StreamSubscriber } from './StreamSubscriber.ts';
import type { Streams } from './Streams.ts';
import { NO_LEASE, TOO_MANY_STREAMS } from './ZeroCopyRSocket.ts';

export class Requester {
  readonly #parts: PeerParts;
  readonly #streams: Streams;
  readonly #outbound: Outbound;
  readonly #counters: CounterBlock;

  constructor(parts: PeerParts) {
    this.#parts = parts;
    this.#streams = parts.streams;
    this.#outbound = parts.outbound;
    this.#counters = parts.counters;
  }

  /** @returns the stream's id, or why there is none */
  request(
    type: number,
    payload: PayloadFlyweight,
    initialRequestN: number,
    complete: boolean,
    state: number,
    subscriber: StreamSubscriber,
  ): number {
    const streams = this.#streams;
    if (this.#parts.shutdown.isClosing) return CLOSED;
    if (streams.isFull) return TOO_MANY_STREAMS;
    const single = (state & SINGLE) !== 0;
    if (!single) checkRequestN(initialRequestN);
    const granted = Math.min(initialRequestN, MAX_REQUEST_N);
    const id = streams.nextId();
    const result = this.#send(type, id, granted, complete, payload);
    if (result !== SENT) return result;
    const stream = streams.open(id, state, subscriber);
    stream.waiting = this.#outbound.lastWaiting;
    if (!single) {
      stream.granted = granted;
      stream.wanted = addWanted(0, initialRequestN);
      this.#counters.add(LinkCounter.CREDIT_GRANTED, granted);
    }
    return id;
  }

  fireAndForget(payload: PayloadFlyweight): number {
    if (this.#parts.shutdown.isClosing) return CLOSED;
    return this.#send(FrameType.REQUEST_FNF, this.#streams.nextId(), 0, false, payload);
  }

  metadataPush(payload: PayloadFlyweight): number {
    if (!this.#parts.isLetIn) return BACK_PRESSURED;
    const outbound = this.#outbound;
    const placed = outbound.tryPlace(lengthOfMetadataPush(payload), 0);
    if (placed !== SENT) return placed;
    encodeMetadataPush(outbound.buffer, outbound.index, payload);
    outbound.commit();
    return SENT;
  }

  #send(type: number, id: number, granted: number, complete: boolean, payload: PayloadFlyweight): number {
    const lease = this.#parts.requesterLease;
    if (lease !== undefined && lease.permits === 0) return NO_LEASE;
    const result = this.#place(type, id, granted, complete, payload);
    if (result === SENT) {
      this.#streams.takeId();
      if (lease !== undefined) lease.spend();
    } else if (result === BACK_PRESSURED) {
      this.#counters.add(LinkCounter.BACK_PRESSURED, 1);
    }
    return result;
  }

  #place(type: number, id: number, granted: number, complete: boolean, payload: PayloadFlyweight): number {
    const outbound = this.#outbound;
    const length = lengthOfRequest(type, payload);
    if (length > outbound.maxFrameLength) {
      return outbound.sendLarge(type, id, complete ? FrameFlag.COMPLETE : 0, granted, payload, false);
    }
    const placed = outbound.tryPlace(length, alignmentOf(type, payload));
    if (placed !== SENT) return placed;
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
}
