import type { Clock, RSocketPeer } from '../core/index.ts';
import { RSocketError } from '../flyweight/index.ts';

interface WaitingRequest {
  readonly start: (peer: RSocketPeer) => void;
  /** Ends the wait; false if it was over already. */
  readonly leave: () => boolean;
  readonly fail: (error: unknown) => void;
}

/** Requests that were made while there was no connection, in their order: bounded in number and in time. */
export class WaitingRequests {
  readonly #maxWaiting: number;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #waiting: Set<WaitingRequest> = new Set();

  constructor(maxWaiting: number, timeoutMs: number, clock: Clock) {
    this.#maxWaiting = maxWaiting;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Calls one of both: `start` when there is a connection, or `fail`.
   * @param lastError why there is none now
   * @returns gives the request up, and calls neither
   */
  add(
    start: (peer: RSocketPeer) => void,
    fail: (error: unknown) => void,
    signal: AbortSignal | undefined,
    lastError: unknown,
  ): () => void {
    if (signal?.aborted === true) {
      fail(signal.reason);
      return ignore;
    }
    if (this.#waiting.size >= this.#maxWaiting) {
      fail(notConnected(`${this.#maxWaiting} requests may wait for a connection, and ${this.size} do`, lastError));
      return ignore;
    }
    const onAbort = (): void => {
      if (leave()) fail(signal?.reason);
    };
    const timer = this.#clock.setTimer(() => {
      if (leave()) fail(notConnected(`no connection came within ${this.#timeoutMs} ms`, lastError));
    }, this.#timeoutMs);
    const leave = (): boolean => {
      this.#clock.clearTimer(timer);
      signal?.removeEventListener('abort', onAbort);
      return this.#waiting.delete(request);
    };
    const request: WaitingRequest = { start, leave, fail };
    signal?.addEventListener('abort', onAbort);
    this.#waiting.add(request);
    return leave;
  }

  /** There is a connection. */
  startAll(peer: RSocketPeer): void {
    for (const request of [...this.#waiting]) if (request.leave()) request.start(peer);
  }

  /** There will be none. */
  failAll(error: unknown): void {
    for (const request of [...this.#waiting]) if (request.leave()) request.fail(error);
  }
}

function notConnected(message: string, cause: unknown): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_NOT_CONNECTED', `not connected: ${message}`, undefined, { cause });
}

function ignore(): void {}
