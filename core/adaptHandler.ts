/** Lets a `Handler` of promises and iterables answer the requests of the low level. */
import type { SliceAllocator } from '../pool/index.ts';
import type { Handler, Payloads } from './Handler.ts';
import { describe, ItemPump, itemsOf } from './ItemPump.ts';
import { IterableSubscriber } from './IterableSubscriber.ts';
import { PREFETCH } from './limits.ts';
import { Payload } from './Payload.ts';
import type { PayloadStaging } from './PayloadStaging.ts';
import { PayloadStream } from './PayloadStream.ts';
import type { RequestHandler } from './RequestHandler.ts';
import { ResponderContext } from './ResponderContext.ts';
import type { RSocket } from './RSocket.ts';
import { IGNORING_SUBSCRIBER, type StreamSubscriber } from './StreamSubscriber.ts';
import type { ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

/** What the adapter shares with the peer whose requests it answers. */
interface HandlerAdapterParts {
  readonly handler: Handler;
  /** Handed to handlers as `context.peer`. */
  readonly rsocket: RSocket;
  readonly allocator: SliceAllocator;
  readonly staging: PayloadStaging;
  /** Called when a promise has been settled. */
  readonly onSettled: () => void;
  /** Gets what a fire-and-forget handler threw: nobody else would hear of it. */
  readonly onUncaught: (error: unknown) => void;
}

/** @returns a handler with exactly the interactions that `parts.handler` has, so that the others are rejected */
export function adaptHandler(parts: HandlerAdapterParts): RequestHandler {
  const { handler } = parts;
  const adapter: RequestHandler = {};
  if (handler.requestResponse !== undefined) adapter.requestResponse = requestResponseOf(parts);
  if (handler.fireAndForget !== undefined) adapter.fireAndForget = fireAndForgetOf(parts);
  if (handler.requestStream !== undefined) adapter.requestStream = requestStreamOf(parts);
  if (handler.requestChannel !== undefined) adapter.requestChannel = requestChannelOf(parts);
  return adapter;
}

function requestResponseOf(parts: HandlerAdapterParts): NonNullable<RequestHandler['requestResponse']> {
  const { handler, rsocket, allocator, staging, onSettled } = parts;
  return (view, streamId, peer) => {
    const context = new ResponderContext(rsocket);
    try {
      const answer = (handler as Required<Handler>).requestResponse(Payload.copyOf(view, allocator), context);
      if (!isPromise(answer)) {
        peer.next(streamId, staging.stage(answer), true);
        return undefined;
      }
      answer
        .then((payload) => {
          peer.next(streamId, staging.stage(payload), true);
        })
        .catch((error: unknown) => fail(peer, streamId, error));
    } catch (error) {
      fail(peer, streamId, error);
      return undefined;
    }
    onSettled();
    return context;
  };
}

function fireAndForgetOf(parts: HandlerAdapterParts): NonNullable<RequestHandler['fireAndForget']> {
  const { handler, rsocket, allocator, onUncaught } = parts;
  return (view) => {
    const payload = Payload.copyOf(view, allocator);
    const done = (handler as Required<Handler>).fireAndForget(payload, new ResponderContext(rsocket));
    if (isPromise(done)) done.catch(onUncaught);
  };
}

function requestStreamOf(parts: HandlerAdapterParts): NonNullable<RequestHandler['requestStream']> {
  const { handler, rsocket, allocator, staging } = parts;
  return (view, initialRequestN, streamId, peer) => {
    const context = new ResponderContext(rsocket);
    try {
      const payloads = (handler as Required<Handler>).requestStream(Payload.copyOf(view, allocator), context);
      return subscribe(peer, staging, payloads, streamId, initialRequestN, undefined, context);
    } catch (error) {
      fail(peer, streamId, error);
      return undefined;
    }
  };
}

function requestChannelOf(parts: HandlerAdapterParts): NonNullable<RequestHandler['requestChannel']> {
  const { handler, rsocket, allocator, staging, onSettled } = parts;
  return (view, initialRequestN, streamId, peer) => {
    const context = new ResponderContext(rsocket);
    const inbound = new PayloadStream(peer, allocator, PREFETCH, onSettled);
    inbound.streamId = streamId;
    inbound.push(view);
    // The first item came without credit and waits already.
    peer.request(streamId, PREFETCH - 1);
    try {
      const payloads = (handler as Required<Handler>).requestChannel(inbound, context);
      return subscribe(peer, staging, payloads, streamId, initialRequestN, inbound, context);
    } catch (error) {
      fail(peer, streamId, error);
      inbound.fail(error);
      return IGNORING_SUBSCRIBER;
    }
  };
}

function subscribe(
  peer: ZeroCopyRSocket,
  staging: PayloadStaging,
  payloads: Payloads,
  streamId: number,
  initialRequestN: number,
  inbound: PayloadStream | undefined,
  context: ResponderContext,
): StreamSubscriber {
  const outbound = new ItemPump(peer, staging, itemsOf(payloads));
  const subscriber = new IterableSubscriber(inbound, outbound, context);
  outbound.start(streamId, initialRequestN);
  return subscriber;
}

function fail(peer: ZeroCopyRSocket, streamId: number, error: unknown): void {
  const { errorCode, message } = describe(error);
  peer.error(streamId, errorCode, message);
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as Promise<T>).then === 'function';
}
