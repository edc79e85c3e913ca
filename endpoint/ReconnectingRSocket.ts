/**
 * An RSocket that outlives its connections.
 *
 *   connecting --> connected --> waiting --> connecting ...      closed: by `close`, by an error that
 *        |                          ^                            no attempt would mend, or after
 *        +--------------------------+                            `maxAttempts` in a row
 *
 * Nothing is sent twice: what was under way when a connection was lost fails with its error. What is asked while there
 * is none waits for the next, bounded in number and time.
 */
import type {
  Clock,
  CloseOptions,
  Payload,
  PayloadLike,
  RequestOptions,
  RSocket,
  RSocketPeer,
  StreamOptions,
} from '../core/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { Backoff } from './Backoff.ts';
import { isWorthRetrying } from './isWorthRetrying.ts';
import { keepAwakeClock } from './keepAwakeClock.ts';
import { LateStream } from './LateStream.ts';
import { MAX_REQUESTS_WITHOUT_CONNECTION, RECONNECT_STABLE_MS, WAIT_FOR_CONNECTION_MS } from './limits.ts';
import type { ReconnectOptions } from './ReconnectOptions.ts';
import { WaitingRequests } from './WaitingRequests.ts';

/** Whether there is a connection, or when there will be. */
export type ConnectionState = 'connecting' | 'connected' | 'waiting' | 'closed';

/** Told of each change of the state, with the error behind it if there is one. */
export type StateListener = (state: ConnectionState, error: unknown) => void;

export class ReconnectingRSocket implements RSocket {
  readonly onClose: Promise<RSocketError | undefined>;
  readonly #connect: (signal: AbortSignal) => Promise<RSocketPeer>;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  readonly #stableAfterMs: number;
  readonly #maxAttempts: number;
  readonly #shouldReconnect: (error: unknown) => boolean;
  readonly #waiting: WaitingRequests;
  readonly #listeners: Set<StateListener> = new Set();
  #state: ConnectionState = 'connecting';
  #lastError: unknown;
  #peer: RSocketPeer | undefined;
  #attempt: AbortController | undefined;
  #attempts = 0;
  #connectedAtMs = 0;
  #timer: unknown;
  #settle!: (error: RSocketError | undefined) => void;

  /**
   * Begins to connect.
   * @param connect makes a connection and its peer; the signal aborts when it is not wanted any more
   */
  constructor(connect: (signal: AbortSignal) => Promise<RSocketPeer>, options: ReconnectOptions = {}) {
    this.#connect = connect;
    this.#clock = options.clock ?? keepAwakeClock;
    this.#backoff = new Backoff(options);
    this.#stableAfterMs = options.stableAfterMs ?? RECONNECT_STABLE_MS;
    this.#maxAttempts = options.maxAttempts ?? Number.POSITIVE_INFINITY;
    this.#shouldReconnect = options.shouldReconnect ?? isWorthRetrying;
    this.#waiting = new WaitingRequests(
      options.maxWaitingRequests ?? MAX_REQUESTS_WITHOUT_CONNECTION,
      options.waitTimeoutMs ?? WAIT_FOR_CONNECTION_MS,
      this.#clock,
    );
    this.onClose = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#tryToConnect();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Why the last attempt failed or the last connection ended; undefined if none did, or in good order. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** The peer of the connection that there is now. */
  get peer(): RSocketPeer | undefined {
    return this.#peer?.zeroCopy.isClosed === false ? this.#peer : undefined;
  }

  /** Requests that wait for a connection. */
  get waitingRequests(): number {
    return this.#waiting.size;
  }

  /** Calls `listener` at each change of the state from now on. @returns a function that ends that */
  onStateChange(listener: StateListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  requestResponse(payload: PayloadLike, options?: RequestOptions): Promise<Payload> {
    return this.#once((peer) => peer.requestResponse(payload, options), options?.signal);
  }

  fireAndForget(payload: PayloadLike): Promise<void> {
    return this.#once((peer) => peer.fireAndForget(payload), undefined);
  }

  metadataPush(metadata: Uint8Array | string): Promise<void> {
    return this.#once((peer) => peer.metadataPush(metadata), undefined);
  }

  requestStream(payload: PayloadLike, options?: StreamOptions): AsyncIterable<Payload> {
    return this.#stream((peer) => peer.requestStream(payload, options), options?.signal);
  }

  requestChannel(
    payloads: AsyncIterable<PayloadLike> | Iterable<PayloadLike>,
    options?: StreamOptions,
  ): AsyncIterable<Payload> {
    return this.#stream((peer) => peer.requestChannel(payloads, options), options?.signal);
  }

  /** Connects no more, fails what waits for a connection, and ends the one there is in good order. */
  async close(options?: CloseOptions): Promise<void> {
    const peer = this.#peer;
    this.#end(undefined);
    await peer?.close(options);
  }

  /** Connects no more, and ends the connection there is at once. */
  destroy(error?: RSocketError): void {
    const peer = this.#peer;
    this.#end(error);
    peer?.destroy(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #once<T>(request: (peer: RSocketPeer) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { peer } = this;
    if (peer !== undefined) return request(peer);
    return new Promise((resolve, reject) => {
      this.#whenConnected((next) => request(next).then(resolve, reject), reject, signal);
    });
  }

  #stream(
    request: (peer: RSocketPeer) => AsyncIterable<Payload>,
    signal: AbortSignal | undefined,
  ): AsyncIterable<Payload> {
    return new LateStream((onBegun, onFailed) => {
      const begin = (peer: RSocketPeer): void => {
        try {
          onBegun(request(peer));
        } catch (error) {
          onFailed(error);
        }
      };
      const { peer } = this;
      if (peer === undefined) return this.#whenConnected(begin, onFailed, signal);
      begin(peer);
      return ignore;
    });
  }

  #whenConnected(
    start: (peer: RSocketPeer) => void,
    fail: (error: unknown) => void,
    signal: AbortSignal | undefined,
  ): () => void {
    if (this.#state !== 'closed') return this.#waiting.add(start, fail, signal, this.#lastError);
    fail(closed(this.#lastError));
    return ignore;
  }

  #tryToConnect(): void {
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#attempts++;
    this.#become('connecting', this.#lastError);
    new Promise<RSocketPeer>((resolve) => resolve(this.#connect(attempt.signal))).then(
      (peer) => this.#onConnected(peer),
      (error: unknown) => this.#onLost(error),
    );
  }

  #onConnected(peer: RSocketPeer): void {
    if (this.#state === 'closed') {
      peer.destroy();
      return;
    }
    this.#attempt = undefined;
    this.#peer = peer;
    this.#connectedAtMs = this.#clock.nowMs();
    peer.onClose.then((error) => this.#onConnectionEnd(error));
    this.#waiting.startAll(peer);
    this.#become('connected', undefined);
  }

  #onConnectionEnd(error: RSocketError | undefined): void {
    this.#peer = undefined;
    if (this.#clock.nowMs() - this.#connectedAtMs >= this.#stableAfterMs) {
      this.#attempts = 0;
      this.#backoff.reset();
    }
    this.#onLost(error);
  }

  #onLost(error: unknown): void {
    if (this.#state === 'closed') return;
    this.#lastError = error;
    if (!this.#shouldReconnect(error) || this.#attempts >= this.#maxAttempts) {
      this.#end(error);
      return;
    }
    this.#timer = this.#clock.setTimer(() => this.#tryToConnect(), this.#backoff.next());
    this.#become('waiting', error);
  }

  #end(error: unknown): void {
    if (this.#state === 'closed') return;
    this.#clock.clearTimer(this.#timer);
    this.#attempt?.abort();
    const end = error === undefined || error instanceof RSocketError ? error : closed(error);
    if (this.#peer === undefined) this.#settle(end);
    else this.#peer.onClose.then(() => this.#settle(end));
    this.#peer = undefined;
    this.#become('closed', error);
    this.#waiting.failAll(error ?? closed(this.#lastError));
  }

  #become(state: ConnectionState, error: unknown): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) {
      try {
        listener(state, error);
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
  }
}

function closed(cause: unknown): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', 'the connection is closed', undefined, { cause });
}

function ignore(): void {}
