/** Opens the stream of each request that arrives, and hands the request to its handler. */
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { ErrorCode, FrameType, type PayloadFlyweight } from '../flyweight/index.ts';
import type { PeerParts } from './PeerParts.ts';
import type { ProvokedErrors } from './ProvokedErrors.ts';
import type { RequestHandler } from './RequestHandler.ts';
import { INBOUND_OPEN, OUTBOUND_OPEN, SINGLE } from './Stream.ts';
import { IGNORING_SUBSCRIBER } from './StreamSubscriber.ts';
import type { Streams } from './Streams.ts';
import type { ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

export class RequestAcceptor {
  handler: RequestHandler = {};
  readonly #parts: PeerParts;
  readonly #rsocket: ZeroCopyRSocket;
  readonly #streams: Streams;
  readonly #counters: CounterBlock;
  readonly #provoked: ProvokedErrors;

  constructor(parts: PeerParts, provoked: ProvokedErrors) {
    this.#parts = parts;
    this.#rsocket = parts.rsocket;
    this.#streams = parts.streams;
    this.#counters = parts.counters;
    this.#provoked = provoked;
  }

  /** Counts a request where leases are agreed on. True if none allows it; it has then been answered. */
  lacksLease(type: number, streamId: number): boolean {
    const lease = this.#parts.responderLease;
    if (lease === undefined || lease.allows()) return false;
    this.#refuse(type, streamId, 'no lease allows this request');
    return true;
  }

  /** True if the connection is closing, or no stream is left for a request of that type; it has then been answered. */
  refuses(type: number, streamId: number): boolean {
    if (this.#parts.shutdown.isClosing) this.#refuse(type, streamId, 'the connection is closing');
    else if (type !== FrameType.REQUEST_FNF && this.#streams.isFull) this.#reject(streamId, 'too many streams');
    else return false;
    return true;
  }

  /** What a handler throws passes through; its stream is then open still, if it had been opened. */
  accept(type: number, streamId: number, initialRequestN: number, complete: boolean, payload: PayloadFlyweight): void {
    switch (type) {
      case FrameType.REQUEST_RESPONSE:
        this.#requestResponse(streamId, payload);
        break;
      case FrameType.REQUEST_FNF:
        this.handler.fireAndForget?.(payload, this.#rsocket);
        break;
      case FrameType.REQUEST_STREAM:
        this.#requestStream(streamId, initialRequestN, payload);
        break;
      default:
        this.#requestChannel(streamId, initialRequestN, complete, payload);
    }
  }

  #requestResponse(streamId: number, payload: PayloadFlyweight): void {
    const handler = this.handler;
    if (handler.requestResponse === undefined) {
      this.#reject(streamId, 'no handler for request-response');
      return;
    }
    const stream = this.#streams.open(streamId, OUTBOUND_OPEN | SINGLE, IGNORING_SUBSCRIBER);
    const subscriber = handler.requestResponse(payload, streamId, this.#rsocket);
    if (subscriber !== undefined && stream.id === streamId) stream.subscriber = subscriber;
  }

  #requestStream(streamId: number, initialRequestN: number, payload: PayloadFlyweight): void {
    const handler = this.handler;
    if (handler.requestStream === undefined) {
      this.#reject(streamId, 'no handler for request-stream');
      return;
    }
    const stream = this.#streams.open(streamId, OUTBOUND_OPEN, IGNORING_SUBSCRIBER);
    this.#streams.addDemand(stream, initialRequestN);
    const subscriber = handler.requestStream(payload, initialRequestN, streamId, this.#rsocket);
    if (subscriber !== undefined && stream.id === streamId) stream.subscriber = subscriber;
  }

  #requestChannel(streamId: number, initialRequestN: number, complete: boolean, payload: PayloadFlyweight): void {
    const handler = this.handler;
    if (handler.requestChannel === undefined) {
      this.#reject(streamId, 'no handler for request-channel');
      return;
    }
    const state = complete ? OUTBOUND_OPEN : OUTBOUND_OPEN | INBOUND_OPEN;
    const stream = this.#streams.open(streamId, state, IGNORING_SUBSCRIBER);
    this.#streams.addDemand(stream, initialRequestN);
    const subscriber = handler.requestChannel(payload, initialRequestN, streamId, this.#rsocket);
    if (stream.id === streamId) stream.subscriber = subscriber;
    if (complete) subscriber.onComplete(streamId);
  }

  /** Nobody waits for the answer to a fire-and-forget. */
  #refuse(type: number, streamId: number, why: string): void {
    if (type === FrameType.REQUEST_FNF) this.#counters.add(LinkCounter.REQUESTS_REJECTED, 1);
    else this.#reject(streamId, why);
  }

  #reject(streamId: number, why: string): void {
    this.#counters.add(LinkCounter.REQUESTS_REJECTED, 1);
    this.#provoked.answer(streamId, ErrorCode.REJECTED, why);
  }
}
