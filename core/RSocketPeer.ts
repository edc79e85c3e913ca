/**
 * The high level over a `Peer`: promises and AsyncIterables. It copies once in each direction and allocates per call;
 * `zeroCopy` is the low level beneath, for who cannot afford that. Both may be used side by side.
 */
import { RSocketError } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer, SliceAllocator } from '../pool/index.ts';
import { BACK_PRESSURED, CLOSED, type DuplexConnection } from '../transport/index.ts';
import { adaptHandler } from './adaptHandler.ts';
import type { Handler } from './Handler.ts';
import { ItemPump, itemsOf } from './ItemPump.ts';
import { IterableSubscriber } from './IterableSubscriber.ts';
import { isPromise } from './isPromise.ts';
import {
  MAX_PENDING_REQUESTS,
  MAX_RUNNING_HANDLERS,
  MAX_WAITING_REQUESTS,
  PREFETCH,
  SHUTDOWN_DEADLINE_MS,
} from './limits.ts';
import { SENT } from './Outbound.ts';
import { onAbort } from './onAbort.ts';
import type { Payload, PayloadLike } from './Payload.ts';
import { PayloadStaging } from './PayloadStaging.ts';
import { PayloadStream } from './PayloadStream.ts';
import { Peer } from './Peer.ts';
import { type EntranceOptions, type PeerOptions, throwLater } from './PeerOptions.ts';
import type { PendingResponse } from './PendingResponse.ts';
import { PendingResponses } from './PendingResponses.ts';
import type { RequestHandler } from './RequestHandler.ts';
import type { LeaseGrant } from './ResponderLease.ts';
import type { CloseOptions, RequestOptions, RSocket, StreamOptions } from './RSocket.ts';
import { RunningHandlers } from './RunningHandlers.ts';
import type { Setup } from './Setup.ts';
import { sliceAllocatorOfThisThread } from './sliceAllocatorOfThisThread.ts';
import { NO_LEASE, TOO_MANY_STREAMS } from './ZeroCopyRSocket.ts';

/**
 * Who answers: one handler for every connection, or a function that looks at each SETUP and gives one. What it throws
 * or rejects with refuses the connection with REJECTED_SETUP and that message. `peer` may be asked in turn: what is
 * asked before the client has been let in waits until then.
 */
export type Responder = Handler | ((setup: Setup, peer: RSocket) => Handler | Promise<Handler>);

/** As `PeerOptions`, with a handler on either level. */
export interface RSocketPeerOptions extends Omit<PeerOptions, 'handler' | 'entrance'> {
  /** Answers the peer's requests. */
  readonly handler?: Handler | undefined;
  /** Answers them on the low level instead. */
  readonly requestHandler?: RequestHandler | undefined;
  /** This side is a server: it waits for a SETUP. */
  readonly entrance?: Omit<EntranceOptions, 'accept' | 'onAccepted'> | undefined;
  /** Decides about the SETUP that a server gets, if it is no `handler` alone. */
  readonly responder?: Responder | undefined;
  /** A server has let its client in, and looks at none of its requests before this returns. */
  readonly onAccepted?: EntranceOptions['onAccepted'];
  /** Default `MAX_RUNNING_HANDLERS`. */
  readonly maxRunningHandlers?: number | undefined;
}

export class RSocketPeer implements RSocket {
  readonly zeroCopy: Peer;
  readonly onClose: Promise<RSocketError | undefined>;
  readonly #connection: DuplexConnection;
  readonly #pool: BufferPool;
  readonly #staging: PayloadStaging = PayloadStaging.ofThisThread();
  readonly #allocator: SliceAllocator = sliceAllocatorOfThisThread();
  readonly #responses: PendingResponses;
  readonly #onSettled: () => void;
  readonly #running: RunningHandlers;
  readonly #maxPendingRequests: number;
  readonly #onUncaught: (error: unknown) => void;
  /** Requests that wait for room or for a lease. */
  #waiting = 0;

  constructor(connection: DuplexConnection, options: RSocketPeerOptions) {
    this.#connection = connection;
    this.#pool = options.pool;
    this.#responses = new PendingResponses(this.#allocator, connection);
    this.#onSettled = () => connection.yieldSoon();
    this.#running = new RunningHandlers(options.maxRunningHandlers ?? MAX_RUNNING_HANDLERS);
    this.#maxPendingRequests = options.lease?.maxPendingRequests ?? MAX_PENDING_REQUESTS;
    this.#onUncaught = options.onUncaught ?? throwLater;
    this.onClose = connection.onClose;
    this.zeroCopy = new Peer(connection, {
      ...options,
      handler: options.entrance === undefined ? this.#answererOf(options.handler, options) : undefined,
      entrance: options.entrance && {
        ...options.entrance,
        accept: (setup) => this.#accept(setup, options),
        onAccepted: options.onAccepted,
      },
    });
  }

  #accept(setup: Setup, options: RSocketPeerOptions): RequestHandler | Promise<RequestHandler> {
    const { responder, handler } = options;
    const answererOf = (made: Handler | undefined): RequestHandler => this.#answererOf(made, options) ?? {};
    const made = typeof responder === 'function' ? responder(setup, this) : (responder ?? handler);
    return isPromise(made) ? made.then(answererOf) : answererOf(made);
  }

  #answererOf(handler: Handler | undefined, { requestHandler }: RSocketPeerOptions): RequestHandler | undefined {
    if (requestHandler !== undefined || handler === undefined) return requestHandler;
    return adaptHandler({
      handler,
      rsocket: this,
      allocator: this.#allocator,
      staging: this.#staging,
      running: this.#running,
      onSettled: this.#onSettled,
      onUncaught: this.#onUncaught,
    });
  }

  requestResponse(payload: PayloadLike, options?: RequestOptions): Promise<Payload> {
    if (options?.signal !== undefined) return this.#abortableResponse(payload, options.signal);
    const pending = this.#responses.take();
    const response = new Promise<Payload>(pending.begin);
    try {
      const result =
        this.#waiting === 0 ? this.zeroCopy.requestResponse(this.#staging.stage(payload), pending) : BACK_PRESSURED;
      if (result <= 0) this.#retryResponse(result, payload, pending);
    } catch (error) {
      pending.fail(error);
    }
    return response;
  }

  #retryResponse(result: number, payload: PayloadLike, pending: PendingResponse): void {
    this.#retry(
      result,
      () => this.zeroCopy.requestResponse(this.#staging.stage(payload), pending),
      ignore,
      (error) => pending.fail(error),
    );
  }

  #abortableResponse(payload: PayloadLike, signal: AbortSignal): Promise<Payload> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      let streamId = 0;
      let isOver = false;
      const stopListening = onAbort(signal, () => {
        if (streamId > 0) this.zeroCopy.cancel(streamId);
        settle(reject)(signal.reason);
      });
      const settle = <T>(how: (value: T) => void): ((value: T) => void) => {
        return (value) => {
          isOver = true;
          stopListening();
          how(value);
        };
      };
      const pending = this.#responses.take();
      pending.begin(settle(resolve), settle(reject));
      const fail = settle(reject);
      try {
        this.#start(
          () => (isOver ? ABANDONED : this.zeroCopy.requestResponse(this.#staging.stage(payload), pending)),
          (id) => {
            streamId = id;
          },
          fail,
        );
      } catch (error) {
        fail(error);
      }
    });
  }

  fireAndForget(payload: PayloadLike): Promise<void> {
    try {
      const result = this.#waiting === 0 ? this.zeroCopy.fireAndForget(this.#staging.stage(payload)) : BACK_PRESSURED;
      return result > 0 ? Promise.resolve() : this.#retryFireAndForget(result, payload);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #retryFireAndForget(result: number, payload: PayloadLike): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#retry(
        result,
        () => this.zeroCopy.fireAndForget(this.#staging.stage(payload)),
        () => resolve(),
        reject,
      );
    });
  }

  requestStream(payload: PayloadLike, options: StreamOptions = {}): AsyncIterable<Payload> {
    const stream: PayloadStream = this.#newStream(options, () => {
      const subscriber = new IterableSubscriber(stream, undefined);
      this.#start(
        () => {
          if (stream.isEnded) return ABANDONED;
          return this.zeroCopy.requestStream(this.#staging.stage(payload), stream.prefetch, subscriber);
        },
        (streamId) => stream.begun(streamId),
        (error) => stream.fail(error),
      );
    });
    return stream;
  }

  requestChannel(
    payloads: AsyncIterable<PayloadLike> | Iterable<PayloadLike>,
    options: StreamOptions = {},
  ): AsyncIterable<Payload> {
    const items = itemsOf(payloads);
    const stream: PayloadStream = this.#newStream(options, () => {
      Promise.resolve()
        .then(() => items.next())
        .then((first) => {
          if (first.done === true) stream.end();
          else this.#beginChannel(stream, items, first.value);
        })
        .catch((error: unknown) => stream.fail(error));
    });
    return stream;
  }

  #beginChannel(
    stream: PayloadStream,
    items: Iterator<PayloadLike> | AsyncIterator<PayloadLike>,
    first: PayloadLike,
  ): void {
    const pump = new ItemPump(this.zeroCopy, this.#staging, items);
    const subscriber = new IterableSubscriber(stream, pump);
    if (stream.isEnded) {
      pump.stop();
      return;
    }
    stream.onEnd(() => {
      if (!stream.isComplete) pump.stop();
    });
    this.#start(
      () => {
        if (stream.isEnded) return ABANDONED;
        return this.zeroCopy.requestChannel(this.#staging.stage(first), stream.prefetch, false, subscriber);
      },
      (streamId) => {
        stream.begun(streamId);
        pump.start(streamId, 0);
      },
      (error) => stream.fail(error),
    );
  }

  #newStream({ prefetch = PREFETCH, signal }: StreamOptions, begin: () => void): PayloadStream {
    const stream: PayloadStream = new PayloadStream(
      this.zeroCopy,
      this.#allocator,
      prefetch,
      this.#onSettled,
      signal === undefined
        ? begin
        : () => {
            if (signal.aborted) {
              stream.fail(signal.reason);
              return;
            }
            const stopListening = onAbort(signal, () => stream.cancel(signal.reason));
            stream.onEnd(stopListening);
            begin();
          },
    );
    return stream;
  }

  /** Makes a request, at once or when there is room for it and those that waited before have gone. */
  #start(request: () => number, onStarted: (result: number) => void, onFailed: (error: unknown) => void): void {
    if (this.#waiting === 0) this.#attempt(request, onStarted, onFailed);
    else this.#retry(BACK_PRESSURED, request, onStarted, onFailed);
  }

  #attempt(request: () => number, onStarted: (result: number) => void, onFailed: (error: unknown) => void): void {
    const result = request();
    if (result > 0) onStarted(result);
    else this.#retry(result, request, onStarted, onFailed);
  }

  #retry(
    result: number,
    request: () => number,
    onStarted: (result: number) => void,
    onFailed: (error: unknown) => void,
  ): void {
    const lacksLease = this.zeroCopy.permits === 0;
    const maxWaiting = lacksLease ? this.#maxPendingRequests : MAX_WAITING_REQUESTS;
    if ((result !== BACK_PRESSURED && result !== NO_LEASE) || this.#waiting >= maxWaiting) {
      if (result !== ABANDONED) onFailed(lacksLease && result !== CLOSED ? noLease() : refusal(result));
      return;
    }
    this.#whenWritable(() => {
      try {
        this.#attempt(request, onStarted, onFailed);
      } catch (error) {
        onFailed(error);
      }
    });
  }

  #whenWritable(action: () => void): void {
    this.#waiting++;
    this.zeroCopy.whenWritable(() => {
      this.#waiting--;
      action();
    });
  }

  /**
   * Memory to write a payload's data into, with one reference, which the caller releases after having sent it. Where
   * the peer shares memory with this thread it goes there without being copied, if it is more than a frame; from then
   * on it must not be written.
   * @throws RSocketError ERR_FLYSOCKET_POOL_EXHAUSTED
   */
  allocate(length: number): PooledBuffer {
    return this.#connection.allocate?.(length) ?? this.#pool.acquire(length);
  }

  metadataPush(metadata: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      const push = (): void => {
        try {
          const result = this.zeroCopy.metadataPush(this.#staging.stage({ metadata }));
          if (result === BACK_PRESSURED && this.#waiting < MAX_WAITING_REQUESTS) this.#whenWritable(push);
          else if (result === SENT) resolve();
          else reject(refusal(result));
        } catch (error) {
          reject(error);
        }
      };
      push();
    });
  }

  /**
   * Grants the peer requests, in place of what was granted before, where leases were agreed on (`lease` option).
   * @throws RSocketError ERR_FLYSOCKET_LEASE unless both numbers are integers from 0 to 2^31 - 1
   */
  grantLease(grant: LeaseGrant): void {
    this.zeroCopy.grantLease(grant);
  }

  async close({ deadlineMs = SHUTDOWN_DEADLINE_MS }: CloseOptions = {}): Promise<void> {
    this.zeroCopy.shutDown(deadlineMs);
    await this.onClose;
  }

  destroy(error?: RSocketError): void {
    this.zeroCopy.close(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A request that its caller gave up while it waited. */
const ABANDONED = Number.NEGATIVE_INFINITY;

function refusal(result: number): RSocketError {
  if (result === BACK_PRESSURED) {
    const message = `too many requests wait for room: maximum ${MAX_WAITING_REQUESTS}`;
    return new RSocketError('ERR_FLYSOCKET_TOO_MANY_WAITING', message);
  }
  if (result === TOO_MANY_STREAMS) {
    return new RSocketError('ERR_FLYSOCKET_TOO_MANY_STREAMS', 'too many streams are open on this connection');
  }
  return new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', 'the connection is closed');
}

function noLease(): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_NO_LEASE', 'the peer has granted no lease, and enough requests wait for one');
}

function ignore(): void {}
