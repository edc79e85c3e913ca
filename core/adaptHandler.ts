/** Lets a `Handler` of promises and iterables answer the requests of the low level. */
import { ErrorCode, type PayloadFlyweight } from '../flyweight/index.ts';
import type { SliceAllocator } from '../pool/index.ts';
import type { Handler, Payloads } from './Handler.ts';
import { describe, ItemPump, itemsOf } from './ItemPump.ts';
import { IterableSubscriber } from './IterableSubscriber.ts';
import { isPromise } from './isPromise.ts';
import { PREFETCH } from './limits.ts';
import { Payload, type PayloadLike } from './Payload.ts';
import type { PayloadStaging } from './PayloadStaging.ts';
import { PayloadStream } from './PayloadStream.ts';
import { PendingAnswers } from './PendingAnswers.ts';
import type { RequestHandler } from './RequestHandler.ts';
import { ResponderContext } from './ResponderContext.ts';
import type { RSocket } from './RSocket.ts';
import type { RunningHandlers } from './RunningHandlers.ts';
import { IGNORING_SUBSCRIBER, type StreamSubscriber } from './StreamSubscriber.ts';
import type { ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

/** What the adapter shares with the peer whose requests it answers. */
interface HandlerAdapterParts {
  readonly handler: Handler;
  /** Handed to handlers as `context.peer`. */
  readonly rsocket: RSocket;
  readonly allocator: SliceAllocator;
  readonly staging: PayloadStaging;
  readonly running: RunningHandlers;
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
  if (handler.fireAndForget !== undefined) adapter.fireAndForget = unansweredOf(parts, 'fireAndForget');
  if (handler.requestStream !== undefined) adapter.requestStream = requestStreamOf(parts);
  if (handler.requestChannel !== undefined) adapter.requestChannel = requestChannelOf(parts);
  if (handler.metadataPush !== undefined) adapter.metadataPush = unansweredOf(parts, 'metadataPush');
  return adapter;
}

function requestResponseOf(parts: HandlerAdapterParts): NonNullable<RequestHandler['requestResponse']> {
  const { handler, rsocket, allocator, running, onSettled } = parts;
  const pending = new PendingAnswers(
    (peer, streamId, payload) => answer(parts, peer, streamId, payload),
    (peer, streamId, error) => refuse(parts, peer, streamId, error),
  );
  return (view, streamId, peer) => {
    if (!running.tryStart()) return tooMany(peer, streamId);
    const context = new ResponderContext(rsocket);
    let answered: PayloadLike | Promise<PayloadLike>;
    try {
      answered = (handler as Required<Handler>).requestResponse(Payload.copyOf(view, allocator), context);
    } catch (error) {
      refuse(parts, peer, streamId, error);
      return undefined;
    }
    if (!isPromise(answered)) {
      answer(parts, peer, streamId, answered);
      return undefined;
    }
    pending.add(answered, peer, streamId);
    onSettled();
    return context;
  };
}

function answer(
  { running, staging }: HandlerAdapterParts,
  peer: ZeroCopyRSocket,
  streamId: number,
  payload: PayloadLike,
): void {
  running.onFinished();
  try {
    peer.next(streamId, staging.stage(payload), true);
  } catch (error) {
    fail(peer, streamId, error);
  }
}

function refuse({ running }: HandlerAdapterParts, peer: ZeroCopyRSocket, streamId: number, error: unknown): void {
  running.onFinished();
  fail(peer, streamId, error);
}

/** Runs a handler that nobody waits for. Beyond the bound it is not run, and nobody could be told. */
function unansweredOf(
  { handler, rsocket, allocator, running, onUncaught }: HandlerAdapterParts,
  name: 'fireAndForget' | 'metadataPush',
): (view: PayloadFlyweight) => void {
  const onRejected = (error: unknown): void => {
    running.onFinished();
    onUncaught(error);
  };
  return (view) => {
    if (!running.tryStart()) return;
    let done: void | Promise<void>;
    try {
      done = (handler as Required<Handler>)[name](Payload.copyOf(view, allocator), new ResponderContext(rsocket));
    } catch (error) {
      running.onFinished();
      throw error;
    }
    if (isPromise(done)) Promise.resolve(done).then(running.onFinished, onRejected);
    else running.onFinished();
  };
}

function requestStreamOf(parts: HandlerAdapterParts): NonNullable<RequestHandler['requestStream']> {
  const { handler, rsocket, allocator, running } = parts;
  return (view, initialRequestN, streamId, peer) => {
    if (!running.tryStart()) return tooMany(peer, streamId);
    const context = new ResponderContext(rsocket);
    try {
      const payloads = (handler as Required<Handler>).requestStream(Payload.copyOf(view, allocator), context);
      return subscribe(parts, peer, payloads, streamId, initialRequestN, undefined, context);
    } catch (error) {
      running.onFinished();
      fail(peer, streamId, error);
      return undefined;
    }
  };
}

function requestChannelOf(parts: HandlerAdapterParts): NonNullable<RequestHandler['requestChannel']> {
  const { handler, rsocket, allocator, running, onSettled } = parts;
  return (view, initialRequestN, streamId, peer) => {
    if (!running.tryStart()) return tooMany(peer, streamId) ?? IGNORING_SUBSCRIBER;
    const context = new ResponderContext(rsocket);
    const inbound = new PayloadStream(peer, allocator, PREFETCH, onSettled);
    inbound.streamId = streamId;
    inbound.push(view);
    // The first item came without credit and waits already.
    peer.request(streamId, PREFETCH - 1);
    try {
      const payloads = (handler as Required<Handler>).requestChannel(inbound, context);
      return subscribe(parts, peer, payloads, streamId, initialRequestN, inbound, context);
    } catch (error) {
      running.onFinished();
      fail(peer, streamId, error);
      inbound.fail(error);
      return IGNORING_SUBSCRIBER;
    }
  };
}

function subscribe(
  { staging, running }: HandlerAdapterParts,
  peer: ZeroCopyRSocket,
  payloads: Payloads,
  streamId: number,
  initialRequestN: number,
  inbound: PayloadStream | undefined,
  context: ResponderContext,
): StreamSubscriber {
  const outbound = new ItemPump(peer, staging, itemsOf(payloads));
  const subscriber = new IterableSubscriber(inbound, outbound, context);
  outbound.onFinished = running.onFinished;
  outbound.start(streamId, initialRequestN);
  return subscriber;
}

function tooMany(peer: ZeroCopyRSocket, streamId: number): undefined {
  peer.error(streamId, ErrorCode.REJECTED, 'too many requests are being handled');
}

function fail(peer: ZeroCopyRSocket, streamId: number, error: unknown): void {
  const { errorCode, message } = describe(error);
  peer.error(streamId, errorCode, message);
}
