/**
 * The high level over a `Peer`: promises and AsyncIterables. It copies once in each direction and allocates per call;
 * `zeroCopy` is the low level beneath, for who cannot afford that. Both may be used side by side.
 */
import { RSocketError } from '../flyweight/index.ts';
import { SliceAllocator } from '../pool/index.ts';
import { BACK_PRESSURED, type DuplexConnection } from '../transport/index.ts';
import { adaptHandler } from './adaptHandler.ts';
import type { Handler } from './Handler.ts';
import { ItemPump, itemsOf } from './ItemPump.ts';
import { IterableSubscriber } from './IterableSubscriber.ts';
import { MAX_WAITING_REQUESTS, PREFETCH } from './limits.ts';
import { onAbort } from './onAbort.ts';
import type { Payload, PayloadLike } from './Payload.ts';
import { PayloadStaging } from './PayloadStaging.ts';
import { PayloadStream } from './PayloadStream.ts';
import { Peer } from './Peer.ts';
import { type PeerOptions, throwLater } from './PeerOptions.ts';
import { PendingResponse } from './PendingResponse.ts';
import type { RequestHandler } from './RequestHandler.ts';
import type { RequestOptions, RSocket, StreamOptions } from './RSocket.ts';
import { TOO_MANY_STREAMS } from './ZeroCopyRSocket.ts';

/** As `PeerOptions`, with a handler on either level. */
export interface RSocketPeerOptions extends Omit<PeerOptions, 'handler'> {
  /** Answers the peer's requests. */
  readonly handler?: Handler | undefined;
  /** Answers them on the low level instead. */
  readonly requestHandler?: RequestHandler | undefined;
}

export class RSocketPeer implements RSocket {
  readonly zeroCopy: Peer;
  readonly onClose: Promise<RSocketError | undefined>;
  readonly #connection: DuplexConnection;
  readonly #staging: PayloadStaging = new PayloadStaging();
  readonly #allocator: SliceAllocator = new SliceAllocator();
  readonly #onSettled: () => void;
  /** Requests that wait for room. */
  #waiting = 0;

  constructor(connection: DuplexConnection, options: RSocketPeerOptions) {
    this.#connection = connection;
    this.#onSettled = () => connection.yieldSoon();
    this.onClose = connection.onClose;
    this.zeroCopy = new Peer(connection, { ...options, handler: this.#requestHandler(options) });
  }

  #requestHandler({ handler, requestHandler, onUncaught }: RSocketPeerOptions): RequestHandler | undefined {
    if (requestHandler !== undefined || handler === undefined) return requestHandler;
    return adaptHandler({
      handler,
      rsocket: this,
      allocator: this.#allocator,
      staging: this.#staging,
      onSettled: this.#onSettled,
      onUncaught: onUncaught ?? throwLater,
    });
  }

  requestResponse(payload: PayloadLike, options?: RequestOptions): Promise<Payload> {
    if (options?.signal !== undefined) return this.#abortableResponse(payload, options.signal);
    return new Promise((resolve, reject) => {
      const pending = new PendingResponse(resolve, reject, this.#allocator, this.#connection);
      const result =
        this.#waiting === 0 ? this.zeroCopy.requestResponse(this.#staging.stage(payload), pending) : BACK_PRESSURED;
      if (result > 0) return;
      this.#retry(result, () => this.zeroCopy.requestResponse(this.#staging.stage(payload), pending), ignore, reject);
    });
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
      const pending = new PendingResponse(settle(resolve), settle(reject), this.#allocator, this.#connection);
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
    return new Promise((resolve, reject) => {
      this.#start(
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
    if (result !== BACK_PRESSURED || this.#waiting >= MAX_WAITING_REQUESTS) {
      if (result !== ABANDONED) onFailed(refusal(result));
      return;
    }
    this.#waiting++;
    this.zeroCopy.whenWritable(() => {
      this.#waiting--;
      try {
        this.#attempt(request, onStarted, onFailed);
      } catch (error) {
        onFailed(error);
      }
    });
  }

  async close(): Promise<void> {
    this.zeroCopy.close();
    await this.onClose;
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

function ignore(): void {}
